"""Two owners who leave at the same moment: one of them stays."""

import threading
from functools import partial

import pytest
from sqlalchemy import text

from app.domain.errors import AccountInUse, LastOwner
from app.domain.ids import OrganizationId, UserId
from app.domain.permissions import OrganizationRole
from app.http.services import Services
from app.models.organizers.organizations import Organization
from app.models.users.users import User
from app.repositories.database import Database
from app.repositories.organizers.memberships import MembershipRepository
from app.repositories.organizers.organizations import OrganizationRepository
from app.repositories.unit_of_work import UnitOfWork
from app.services.organizers.members import MemberService
from tests.steps.organizations import Band
from tests.support.factories import PASSWORD, Factory
from tests.support.fakes import FakeClock
from tests.support.racing import LONGEST, ExchangedDatabase, at_once

OWNER = OrganizationRole.OWNER


@pytest.fixture
def band(services: Services, make: Factory) -> Band:
    return Band(services, make)


def left(members: MemberService, band: Band, user: User) -> str:
    """What comes of leaving."""
    try:
        members.remove(caller=user, organization_id=band.id, user_id=user.id)
    except LastOwner as refusal:
        return refusal.code
    return "left"


def owners(database: Database, band: Band) -> int:
    query = text("SELECT COUNT(*) FROM memberships WHERE organization_id = :id AND role = 'owner'")
    with database.connection() as connection:
        return int(connection.execute(query, {"id": band.id}).scalar_one())


class TestLeavingAtOnce:
    def test_leaves_one_owner(self, services: Services, database: Database, band: Band) -> None:
        bola = band.member(OWNER)

        outcomes = at_once(
            [partial(left, services.members, band, user) for user in (band.owner, bola)]
        )

        assert sorted(outcomes) == ["last-owner", "left"]
        assert owners(database, band) == 1
        assert services.audit.violations() == []

    def test_leaves_one_owner_when_the_other_deletes_the_account(
        self, services: Services, database: Database, band: Band
    ) -> None:
        bola = band.member(OWNER)
        band.member(OrganizationRole.CHECKER)

        def delete() -> str:
            try:
                services.account_deletion.delete_own(user=bola, password=PASSWORD)
            except AccountInUse as refusal:
                return refusal.code
            return "left"

        outcomes = at_once([lambda: left(services.members, band, band.owner), delete])

        assert sorted(outcomes) in (["account-in-use", "left"], ["last-owner", "left"])
        assert owners(database, band) == 1
        assert services.audit.violations() == []


class HastyOrganizations(OrganizationRepository):
    """Looks at an organization as one must not: others may change it at the same moment."""

    def lock(self, organization_id: OrganizationId) -> Organization:
        return self.get(organization_id)


@pytest.mark.postgresql
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
class TestLeavingWithoutALock:
    """On SQLite a writer is alone in any case."""

    def test_leaves_no_owner(
        self, database: Database, services: Services, band: Band, clock: FakeClock
    ) -> None:
        bola = band.member(OWNER)
        both_have_left = threading.Barrier(2)

        class Together(MembershipRepository):
            def remove(self, organization_id: OrganizationId, user_id: UserId) -> bool:
                done = super().remove(organization_id, user_id)
                both_have_left.wait(LONGEST.total_seconds())
                return done

        def exchange(work: UnitOfWork) -> None:
            work.organizations = HastyOrganizations(work._transaction)
            work.memberships = Together(work._transaction)

        members = MemberService(database=ExchangedDatabase(database, exchange), clock=clock)

        outcomes = at_once([partial(left, members, band, user) for user in (band.owner, bola)])

        assert outcomes == ["left", "left"]
        assert owners(database, band) == 0
