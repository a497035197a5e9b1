"""Prepared exports are written once, by one worker, tried again, and deleted in time."""

from collections.abc import Callable, Iterable
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.domain.errors import (
    ExportNotFound,
    ExportNotReady,
    FilesUnavailable,
)
from app.domain.ids import EventId
from app.domain.organizers.exports import ExportState
from app.domain.permissions import OrganizationRole
from app.http.services import Services
from app.models.organizers.export_jobs import ExportJob
from app.repositories.database import Database
from app.services.organizers.export_jobs import (
    LEASE,
    MOST_ATTEMPTS,
    ORPHANED_AFTER,
)
from app.wiring.adapters import Adapters
from tests.services.organizers.export_steps import KEEP, ask, jobs_on, show
from tests.steps.organizations import Band
from tests.support.factories import PASSWORD, Factory
from tests.support.fakes import FakeClock, FakeFiles, FakeMailer

pytestmark = pytest.mark.usefixtures("audited")


class FullDisk(FakeFiles):
    """Takes nothing until it is emptied."""

    is_full = True

    def save(self, name: str, pieces: Iterable[bytes]) -> int:
        if self.is_full:
            raise FilesUnavailable
        return super().save(name, pieces)


class Slow(FakeFiles):
    """Between two pieces something else happens."""

    def __init__(self, meanwhile: Callable[[], None]) -> None:
        super().__init__()
        self.meanwhile = meanwhile

    def save(self, name: str, pieces: Iterable[bytes]) -> int:
        taken = iter(pieces)
        first = [next(taken), next(taken)]
        self.meanwhile()
        return super().save(name, [*first, *taken])


class TestWriting:
    def test_that_fails_is_tried_again_later(
        self, services: Services, outside: Adapters, band: Band, event_id: EventId, clock: FakeClock
    ) -> None:
        disk = FullDisk()
        jobs = jobs_on(outside, disk)
        job = ask(services, event_id, band.owner)

        jobs.write_due()
        assert show(services, job, band.owner).state == ExportState.WAITING
        assert jobs.write_due() == 0, "it is put off"
        disk.is_full = False
        clock.advance(timedelta(hours=1))
        jobs.write_due()

        assert show(services, job, band.owner).state == ExportState.READY

    def test_that_always_fails_is_given_up_and_told(
        self,
        services: Services,
        outside: Adapters,
        make: Factory,
        band: Band,
        event_id: EventId,
        clock: FakeClock,
        mailer: FakeMailer,
    ) -> None:
        jobs = jobs_on(outside, FullDisk())
        job = ask(services, event_id, band.owner)

        for _ in range(MOST_ATTEMPTS + 1):
            jobs.write_due()
            clock.advance(timedelta(hours=1))

        assert show(services, job, band.owner).state == ExportState.FAILED
        with pytest.raises(ExportNotReady):
            services.export_jobs.open(export_id=job.id, member=band.owner)
        make.work()
        assert mailer.sent[-1].subject.startswith("The file you asked for could not be written")

    def test_tells_how_far_it_is(
        self, services: Services, outside: Adapters, band: Band, event_id: EventId
    ) -> None:
        job = ask(services, event_id, band.owner)
        seen: list[tuple[ExportState, int, int | None]] = []

        def look() -> None:
            found = show(services, job, band.owner)
            seen.append((found.state, found.rows, found.rows_expected))

        jobs_on(outside, Slow(look)).write_due()

        assert seen == [(ExportState.RUNNING, 0, None)] or seen[0][1] <= 1
        done = show(services, job, band.owner)
        assert (done.rows, done.rows_expected) == (3, 3)

    def test_by_a_worker_that_was_away_too_long_changes_nothing(
        self,
        services: Services,
        outside: Adapters,
        band: Band,
        event_id: EventId,
        clock: FakeClock,
        database: Database,
    ) -> None:
        """Another one has begun it again, and its file is the one that counts."""
        job = ask(services, event_id, band.owner)
        other = FakeFiles()

        def freeze() -> None:
            clock.advance(LEASE)
            assert jobs_on(outside, other).write_due() == 1

        frozen = Slow(freeze)
        jobs_on(outside, frozen).write_due()

        assert frozen.content == {}
        with database.engine.connect() as connection:
            (file,) = connection.execute(select(ExportJob.file)).scalars()
        assert list(other.content) == [file]
        assert show(services, job, band.owner).state == ExportState.READY


class TestCleanUp:
    def test_deletes_files_whose_time_is_over(
        self,
        services: Services,
        band: Band,
        event_id: EventId,
        files: FakeFiles,
        clock: FakeClock,
        database: Database,
    ) -> None:
        job = ask(services, event_id, band.owner)
        services.export_jobs.write_due()
        clock.advance(KEEP - timedelta(seconds=1))
        services.export_jobs.clean_up()
        assert len(files.content) == 1

        clock.advance(timedelta(seconds=1))
        with pytest.raises(ExportNotFound):
            show(services, job, band.owner)
        services.export_jobs.clean_up()

        assert files.content == {}
        with database.engine.connect() as connection:
            assert connection.execute(select(ExportJob.id)).all() == []

    def test_deletes_what_no_export_knows(
        self,
        services: Services,
        band: Band,
        event_id: EventId,
        files: FakeFiles,
        clock: FakeClock,
    ) -> None:
        ask(services, event_id, band.owner)
        services.export_jobs.write_due()
        (kept,) = files.content
        files.content[".draft"] = b"half"
        services.export_jobs.clean_up()
        assert set(files.content) == {kept, ".draft"}

        clock.advance(ORPHANED_AFTER + timedelta(seconds=1))
        services.export_jobs.clean_up()

        assert set(files.content) == {kept}

    def test_follows_the_account(
        self, services: Services, make: Factory, band: Band, event_id: EventId, database: Database
    ) -> None:
        helper = make.user()
        band.join(helper, OrganizationRole.MANAGER)
        ask(services, event_id, helper)

        services.account_deletion.delete_own(user=helper, password=PASSWORD)

        with database.engine.connect() as connection:
            assert connection.execute(select(ExportJob.id)).all() == []
