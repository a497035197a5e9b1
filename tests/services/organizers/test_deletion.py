"""Organizations are deleted only without events; nothing of the books is lost."""

import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.domain.errors import (
    LinkInvalid,
    OrganizationHasEvents,
    OrganizationNotDeletable,
    OrganizationNotFound,
    OrganizationRoleMissing,
    TicketingError,
)
from app.domain.ids import OrganizationId
from app.domain.permissions import OrganizationRole
from app.domain.states import Role
from app.http.services import Services
from app.models.organizers.organizations import Organization
from app.repositories.database import Database
from app.repositories.organizers.organizations import OrganizationRepository
from app.repositories.unit_of_work import UnitOfWork
from app.services.events.creators import EventCreators
from app.services.organizers.organizations import OrganizationService
from app.wiring.adapters import Adapters
from tests.steps.organizations import LINKS, Band, token_of
from tests.steps.statements import interrupted_everywhere
from tests.support.factories import Factory
from tests.support.fakes import FakeClock, FakeMailer, FakePictures
from tests.support.pictures import photo
from tests.support.racing import LONGEST, ExchangedDatabase, at_once

OWNER, MANAGER = OrganizationRole.OWNER, OrganizationRole.MANAGER


def rows(database: Database, table: str, organization_id: OrganizationId) -> int:
    column = "id" if table == "organizations" else "organization_id"
    query = text(f"SELECT COUNT(*) FROM {table} WHERE {column} = :id")
    with database.connection() as connection:
        return int(connection.execute(query, {"id": organization_id}).scalar_one())


def code_of(call: Callable[[], object]) -> str:
    """What comes of a call."""
    try:
        call()
    except TicketingError as refusal:
        return refusal.code
    except IntegrityError:
        return "constraint"
    return "done"


class TestDelete:
    def test_takes_members_invitations_and_logo_along(
        self,
        services: Services,
        database: Database,
        outside: Adapters,
        clock: FakeClock,
        band: Band,
    ) -> None:
        bola = band.member(MANAGER)
        band.invite("asked@example.com", MANAGER)
        services.organizations.upload_logo(
            organization_id=band.id, owner=band.owner, content=photo()
        )

        services.organizations.delete(owner=band.owner, organization_id=band.id)

        for table in ("organizations", "memberships", "invitations"):
            assert rows(database, table, band.id) == 0
        with pytest.raises(OrganizationNotFound):
            services.organizations.get(member=bola, organization_id=band.id)
        clock.advance(timedelta(days=1, seconds=1))
        services.pictures.delete_unused()
        assert isinstance(outside.picture_store, FakePictures)
        assert not outside.picture_store.files
        assert services.audit.violations() == []

    def test_ends_links_that_were_mailed_and_mails_that_were_not(
        self, services: Services, outside: Adapters, make: Factory, band: Band
    ) -> None:
        band.invite("asked@example.com", MANAGER)
        make.work()
        assert isinstance(outside.mailer, FakeMailer)
        token = token_of(outside.mailer, "asked@example.com")
        band.invite("late@example.com", MANAGER)

        services.organizations.delete(owner=band.owner, organization_id=band.id)

        make.work()
        assert "late@example.com" not in {mail.to for mail in outside.mailer.sent}
        assert services.health.readiness().outbox_age is None
        with pytest.raises(LinkInvalid):
            services.invitations.look(token=token)
        with pytest.raises(LinkInvalid):
            services.invitations.accept(token=token)

    def test_is_refused_while_there_are_events(
        self, services: Services, make: Factory, band: Band
    ) -> None:
        event = make.event(organizer=band.owner, organization_id=band.id)
        other = Band(services, make, owner=band.owner)

        with pytest.raises(OrganizationHasEvents):
            services.organizations.delete(owner=band.owner, organization_id=band.id)

        services.organizations.hand_over(
            member=band.owner, event_id=event.id, organization_id=other.id
        )
        services.organizations.delete(owner=band.owner, organization_id=band.id)
        assert services.events.get(event.id).organization_id == other.id

    def test_is_refused_also_when_they_are_long_over(
        self, services: Services, make: Factory, clock: FakeClock, band: Band
    ) -> None:
        event = make.event(organizer=band.owner, organization_id=band.id)
        make.buy(make.user(), event.id)
        clock.advance(timedelta(days=1000))

        with pytest.raises(OrganizationHasEvents):
            services.organizations.delete(owner=band.owner, organization_id=band.id)

    def test_is_refused_of_a_personal_one_and_the_demos(
        self, services: Services, make: Factory
    ) -> None:
        ada, admin = make.user(), make.user(role=Role.ADMIN)
        own, demo = make.event(organizer=ada), make.event()
        for event in (own, demo):
            with pytest.raises(OrganizationNotDeletable):
                services.organizations.delete(owner=admin, organization_id=event.organization_id)
        with pytest.raises(OrganizationNotDeletable):
            services.organizations.delete(owner=ada, organization_id=own.organization_id)

    def test_takes_an_owner(self, services: Services, band: Band) -> None:
        with pytest.raises(OrganizationRoleMissing):
            services.organizations.delete(owner=band.member(MANAGER), organization_id=band.id)
        with pytest.raises(OrganizationNotFound):
            services.organizations.delete(owner=band.stranger, organization_id=band.id)


class TestAtOnce:
    """With what would put something into the organization at the same moment."""

    def test_an_event_is_there_or_the_organization_is_gone(
        self, services: Services, make: Factory, database: Database
    ) -> None:
        for _ in range(5):
            band = Band(services, make, owner=make.user())
            delete = partial(
                services.organizations.delete, owner=band.owner, organization_id=band.id
            )
            create = partial(make.event, organizer=band.owner, organization_id=band.id)

            outcomes = at_once([partial(code_of, call) for call in (delete, create)])

            assert outcomes in (
                ["done", "organization-not-found"],
                ["organization-has-events", "done"],
            )
            assert rows(database, "events", band.id) == rows(database, "organizations", band.id)
        assert services.audit.violations() == []

    def test_who_accepts_an_invitation_is_in_before_or_told_that_it_is_over(
        self, services: Services, make: Factory, database: Database
    ) -> None:
        for _ in range(5):
            band = Band(services, make, owner=make.user())
            invitation = band.invite(make.user().email, MANAGER)
            token = LINKS.issue(invitation.link_subject)
            delete = partial(
                services.organizations.delete, owner=band.owner, organization_id=band.id
            )
            accept = partial(services.invitations.accept, token=token)
            invite = partial(band.invite, "new@example.com", MANAGER)

            outcomes = at_once([partial(code_of, call) for call in (delete, accept, invite)])

            assert outcomes[0] == "done"
            assert outcomes[1] in ("done", "link-invalid")
            assert outcomes[2] in ("done", "organization-not-found")
            for table in ("organizations", "memberships", "invitations"):
                assert rows(database, table, band.id) == 0

    @pytest.mark.parametrize("action", ["look", "accept", "decline"])
    def test_a_link_of_an_invitation_is_good_or_invalid(
        self, services: Services, make: Factory, database: Database, action: str
    ) -> None:
        owner = make.user()

        def invite() -> tuple[Band, str]:
            band = Band(services, make, owner=owner)
            invitation = band.invite("guest@example.com", MANAGER)
            return band, LINKS.issue(invitation.link_subject)

        def use(made: tuple[Band, str]) -> str:
            return code_of(partial(getattr(services.invitations, action), token=made[1]))

        def delete(made: tuple[Band, str]) -> None:
            services.organizations.delete(owner=owner, organization_id=made[0].id)

        calls = interrupted_everywhere(database, make=invite, call=use, by=delete)
        outcomes = [outcome for _, outcome in calls]

        assert outcomes[-1] == "done"
        assert set(outcomes) <= {"done", "link-invalid"}


@pytest.mark.postgresql
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
class TestWithoutLocks:
    """On SQLite a writer is alone in any case."""

    def test_one_of_both_fails_on_what_the_other_did(
        self, services: Services, database: Database, clock: FakeClock, make: Factory, band: Band
    ) -> None:
        both_have_looked = threading.Barrier(2)

        class Hasty(OrganizationRepository):
            """Looks at an organization as one must not: nothing keeps it as it is."""

            def lock_whole(self, organization_id: OrganizationId) -> Organization:
                return self.get(organization_id)

            def has_events(self, organization_id: OrganizationId) -> bool:
                found = super().has_events(organization_id)
                both_have_looked.wait(LONGEST.total_seconds())
                return found

            def is_kept(self, organization_id: OrganizationId) -> bool:
                both_have_looked.wait(LONGEST.total_seconds())
                return True

        def exchange(work: UnitOfWork) -> None:
            work.organizations = Hasty(work._transaction)

        hasty = ExchangedDatabase(database, exchange)
        organizations = OrganizationService(
            database=hasty,
            clock=clock,
            creators=EventCreators(anyone=True, confirmed=False),
            pictures=services.pictures,
        )
        event = make.event(organizer=band.owner)
        calls = (
            lambda: organizations.delete(owner=band.owner, organization_id=band.id),
            lambda: organizations.hand_over(
                member=band.owner, event_id=event.id, organization_id=band.id
            ),
        )

        outcomes = at_once([partial(code_of, call) for call in calls])

        assert sorted(outcomes) == ["constraint", "done"]
