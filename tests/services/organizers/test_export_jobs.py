"""Prepared exports: written once, by one worker, for who asked, as long as the right lasts."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from app.domain.errors import (
    EventNotFound,
    ExportNotFound,
    OrganizationRoleMissing,
    TooManyExports,
)
from app.domain.ids import EventId
from app.domain.organizers.exports import MOST_IN_A_DAY, ExportFormat, ExportKind, ExportState
from app.domain.permissions import OrganizationRole
from app.http.services import Services
from tests.services.organizers.export_steps import ask, show
from tests.steps.organizations import Band
from tests.support.factories import Factory
from tests.support.fakes import FakeClock, FakeFiles, FakeMailer

pytestmark = pytest.mark.usefixtures("audited")


class TestRequest:
    @pytest.mark.parametrize("kind", ExportKind)
    @pytest.mark.parametrize("form", ExportFormat)
    def test_writes_the_file_that_the_direct_export_sends(
        self,
        services: Services,
        band: Band,
        event_id: EventId,
        files: FakeFiles,
        kind: ExportKind,
        form: ExportFormat,
    ) -> None:
        job = ask(services, event_id, band.owner, kind=kind, form=form)
        assert show(services, job, band.owner).state == ExportState.WAITING

        assert services.export_jobs.write_due() == 1

        done = show(services, job, band.owner)
        found = services.export_jobs.open(export_id=job.id, member=band.owner)
        content = b"".join(found.pieces)
        direct = services.exports.write(
            kind=kind, form=form, event_id=event_id, organizer=band.owner
        )
        assert content == b"".join(direct)
        assert (done.state, done.bytes) == (ExportState.READY, len(content))
        assert done.rows == done.rows_expected == (0 if kind == ExportKind.CHECK_INS else done.rows)

    def test_that_waits_is_not_made_twice(
        self, services: Services, band: Band, event_id: EventId
    ) -> None:
        first = ask(services, event_id, band.owner)

        assert ask(services, event_id, band.owner).id == first.id
        assert ask(services, event_id, band.owner, form=ExportFormat.XLSX).id != first.id
        services.export_jobs.write_due()
        assert ask(services, event_id, band.owner).id not in (first.id, first.id + 1)

    def test_that_is_made_at_once_by_many_calls_is_one(
        self, services: Services, band: Band, event_id: EventId
    ) -> None:
        together = Barrier(4)

        def at_once(_: int) -> int:
            together.wait()
            return ask(services, event_id, band.owner).id

        with ThreadPoolExecutor(4) as callers:
            ids = set(callers.map(at_once, range(4)))

        assert len(ids) == 1

    def test_takes_the_role_of_the_direct_export(
        self, services: Services, make: Factory, band: Band, event_id: EventId
    ) -> None:
        checker = make.user()
        band.join(checker, OrganizationRole.CHECKER)

        ask(services, event_id, checker, kind=ExportKind.ATTENDEES)
        with pytest.raises(OrganizationRoleMissing):
            ask(services, event_id, checker, kind=ExportKind.LEDGER)
        with pytest.raises(EventNotFound):
            ask(services, event_id, band.stranger)

    def test_is_refused_when_too_many_were_asked_for(
        self, services: Services, band: Band, event_id: EventId, clock: FakeClock
    ) -> None:
        for _ in range(MOST_IN_A_DAY):
            ask(services, event_id, band.owner)
            services.export_jobs.write_due()

        with pytest.raises(TooManyExports) as refused:
            ask(services, event_id, band.owner)

        clock.advance(refused.value.retry_after)
        ask(services, event_id, band.owner)


class TestRights:
    def test_are_those_of_who_asked_alone(
        self, services: Services, make: Factory, band: Band, event_id: EventId
    ) -> None:
        other = make.user()
        band.join(other, OrganizationRole.OWNER)
        job = ask(services, event_id, band.owner)
        services.export_jobs.write_due()

        for stranger in (other, band.stranger):
            with pytest.raises(ExportNotFound):
                show(services, job, stranger)
            with pytest.raises(ExportNotFound):
                services.export_jobs.open(export_id=job.id, member=stranger)

    @pytest.mark.parametrize("is_removed", [True, False])
    def test_end_with_the_role(
        self, services: Services, make: Factory, band: Band, event_id: EventId, is_removed: bool
    ) -> None:
        helper = make.user()
        band.join(helper, OrganizationRole.FINANCE)
        job = ask(services, event_id, helper, kind=ExportKind.LEDGER)
        services.export_jobs.write_due()
        services.export_jobs.open(export_id=job.id, member=helper)

        if is_removed:
            services.members.remove(caller=band.owner, organization_id=band.id, user_id=helper.id)
        else:
            services.members.change_role(
                owner=band.owner,
                organization_id=band.id,
                user_id=helper.id,
                role=OrganizationRole.SUPPORT,
            )

        with pytest.raises(ExportNotFound):
            show(services, job, helper)
        with pytest.raises(ExportNotFound):
            services.export_jobs.open(export_id=job.id, member=helper)

    def test_that_ended_before_it_was_written_write_nothing(
        self, services: Services, make: Factory, band: Band, event_id: EventId, files: FakeFiles
    ) -> None:
        helper = make.user()
        band.join(helper, OrganizationRole.MANAGER)
        ask(services, event_id, helper)
        services.members.remove(caller=band.owner, organization_id=band.id, user_id=helper.id)

        services.export_jobs.write_due()

        assert files.content == {}


class TestMail:
    def test_leads_who_asked_to_the_file(
        self, services: Services, make: Factory, band: Band, event_id: EventId, mailer: FakeMailer
    ) -> None:
        job = ask(services, event_id, band.owner)
        make.work()

        mail = mailer.sent[-1]
        assert mail.to == band.owner.email
        assert mail.subject.startswith("The file you asked for is ready: orders of")
        assert f"/manage/events/{event_id}/exports/{job.id}\n" in mail.text

    def test_is_not_sent_to_who_has_lost_the_right(
        self, services: Services, make: Factory, band: Band, event_id: EventId, mailer: FakeMailer
    ) -> None:
        helper = make.user()
        band.join(helper, OrganizationRole.MANAGER)
        ask(services, event_id, helper)
        services.export_jobs.write_due()
        services.members.remove(caller=band.owner, organization_id=band.id, user_id=helper.id)
        before = len(mailer.sent)

        make.work()

        assert [mail for mail in mailer.sent[before:] if mail.to == helper.email] == []
