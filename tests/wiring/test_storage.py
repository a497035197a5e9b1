"""Where prepared exports lie: on several hosts the one that is asked has what another one wrote."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from app.clients.storage.private_files import DiskFiles
from app.clients.storage.s3_files import S3Files
from app.config import Settings
from app.domain.errors import FilesUnavailable
from app.domain.ids import EventId
from app.domain.organizers.exports import ExportFormat, ExportKind
from app.domain.ports import PrivateFiles
from app.domain.states import Role
from app.http.services import Services
from app.models.organizers.export_jobs import ExportJob
from app.models.users.users import User
from app.services.organizers.export_jobs import ExportJobService
from app.wiring.adapters import Adapters
from app.wiring.storage import private_files
from tests.clients.storage.small_storage import Kept, bucket_at, small_storage
from tests.services.organizers.export_steps import KEEP, jobs_on
from tests.support.factories import Factory
from tests.support.fakes import FakeClock

S3 = {
    "s3_bucket_url": "https://s3.example.com/shop",
    "s3_access_key": "KEY",
    "s3_secret_key": "hunter33",
}


@pytest.fixture
def storage() -> Iterator[Kept]:
    with small_storage() as kept:
        yield kept


@pytest.fixture
def http() -> Iterator[httpx.Client]:
    with httpx.Client() as client:
        yield client


@pytest.fixture
def organizer(make: Factory) -> User:
    return make.user(role=Role.ORGANIZER)


@pytest.fixture
def event_id(make: Factory, organizer: User) -> EventId:
    event = make.event(organizer=organizer)
    for _ in range(3):
        make.buy(make.user(), event.id)
    return event.id


def written_by(host: ExportJobService, event_id: EventId, organizer: User) -> ExportJob:
    """An export of the orders that this host wrote."""
    job = host.request(
        event_id=event_id, organizer=organizer, kind=ExportKind.ORDERS, form=ExportFormat.CSV
    )
    assert host.write_due() == 1
    return job


class TestHosts:
    def test_with_one_storage_send_what_another_wrote(
        self,
        services: Services,
        outside: Adapters,
        storage: Kept,
        http: httpx.Client,
        event_id: EventId,
        organizer: User,
    ) -> None:
        here, there = (jobs_on(outside, S3Files(bucket_at(storage.url, http))) for _ in range(2))

        job = written_by(here, event_id, organizer)

        sent = b"".join(there.open(export_id=job.id, member=organizer).pieces)
        direct = services.exports.write(
            kind=ExportKind.ORDERS, form=ExportFormat.CSV, event_id=event_id, organizer=organizer
        )
        assert sent == b"".join(direct)
        assert there.get(export_id=job.id, member=organizer).bytes == len(sent)

    def test_with_disks_of_their_own_do_not(
        self, outside: Adapters, tmp_path: Path, event_id: EventId, organizer: User
    ) -> None:
        here, there = (jobs_on(outside, DiskFiles(tmp_path / uuid.uuid4().hex)) for _ in range(2))

        job = written_by(here, event_id, organizer)

        assert b"".join(here.open(export_id=job.id, member=organizer).pieces)
        with pytest.raises(FilesUnavailable):
            there.open(export_id=job.id, member=organizer)

    def test_delete_after_its_time_what_another_wrote(
        self,
        outside: Adapters,
        storage: Kept,
        http: httpx.Client,
        clock: FakeClock,
        event_id: EventId,
        organizer: User,
    ) -> None:
        here, there = (jobs_on(outside, S3Files(bucket_at(storage.url, http))) for _ in range(2))
        written_by(here, event_id, organizer)
        S3Files(bucket_at(storage.url, http)).save("export-99-1.csv", [b"nothing knows it"])
        storage.files["/bucket/0123-400.jpg"] = b"a picture"

        clock.advance(KEEP)
        there.clean_up()

        assert list(storage.files) == ["/bucket/0123-400.jpg"]


class TestPrivateFiles:
    @pytest.mark.parametrize(
        ("given", "kind"),
        [
            ({}, DiskFiles),
            (S3, S3Files),
            ({**S3, "exports_folder": "/srv/exports"}, DiskFiles),
        ],
    )
    def test_lie_where_the_settings_say(
        self, given: dict[str, str], kind: type[PrivateFiles], tmp_path: Path
    ) -> None:
        settings = Settings(_env_file=None, var_dir=tmp_path, **given)  # type: ignore[arg-type]  # texts, as a .env has

        assert isinstance(private_files(settings, FakeClock()), kind)
