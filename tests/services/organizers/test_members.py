"""Members: how they join, change and leave, and that an owner is always left."""

import pytest
from sqlalchemy import text

from app.domain.errors import (
    AccountInUse,
    EmailNotConfirmed,
    EventNotFound,
    LastOwner,
    MemberNotFound,
    OrganizationNotFound,
    OrganizationRoleMissing,
)
from app.domain.events.changes import EventChanges
from app.domain.permissions import OrganizationRole
from app.domain.states import Role
from app.http.services import Services
from app.models.users.users import User
from app.repositories.database import Database
from app.services.organizers.organizations import NewOrganization, OrganizationChanges
from tests.steps.organizations import Band
from tests.support.factories import PASSWORD, Factory

OWNER, MANAGER = OrganizationRole.OWNER, OrganizationRole.MANAGER


@pytest.fixture
def band(services: Services, make: Factory) -> Band:
    """An organization with one owner."""
    return Band(services, make)


class TestCreate:
    def test_needs_a_confirmed_address(self, services: Services, new_user: User) -> None:
        with pytest.raises(EmailNotConfirmed):
            services.organizations.create(owner=new_user, new=NewOrganization(name="Band"))

    def test_lets_one_account_be_in_several(
        self, services: Services, band: Band, make: Factory
    ) -> None:
        services.organizations.create(owner=band.owner, new=NewOrganization(name="Other"))
        make.event(organizer=band.owner)

        page = services.organizations.page(member=band.owner, after=None, limit=10)

        assert [each.organization.name for each in page.items] == [
            "Band",
            "Other",
            band.owner.username,
        ]


class TestRights:
    def test_end_with_the_membership(self, services: Services, band: Band, make: Factory) -> None:
        bola = band.member(MANAGER)
        event = make.event(organizer=bola, organization_id=band.id)
        changes = EventChanges(title="New")
        services.events.edit(event_id=event.id, organizer=bola, changes=changes)

        services.members.remove(caller=bola, organization_id=band.id, user_id=bola.id)

        with pytest.raises(EventNotFound):
            services.events.edit(event_id=event.id, organizer=bola, changes=changes)
        with pytest.raises(OrganizationNotFound):
            services.organizations.get(member=bola, organization_id=band.id)

    def test_at_gates_end_with_the_membership(
        self, services: Services, band: Band, make: Factory
    ) -> None:
        bola, other = band.member(MANAGER), make.user(role=Role.ORGANIZER)
        event = make.event(organizer=bola, organization_id=band.id)
        elsewhere = make.event(organizer=other)
        staff = services.staff
        staff.take_on(event_id=event.id, organizer=bola, name=bola.username)
        staff.take_on(event_id=elsewhere.id, organizer=other, name=bola.username)

        services.members.remove(caller=band.owner, organization_id=band.id, user_id=bola.id)

        assert not staff.of_event(event_id=event.id, organizer=band.owner)
        (kept,) = staff.of_event(event_id=elsewhere.id, organizer=other)
        assert kept.user_id == bola.id

    def test_are_none_while_the_address_is_not_confirmed(
        self, services: Services, band: Band, database: Database
    ) -> None:
        bola = band.member(OWNER)
        with database.engine.begin() as connection:
            connection.execute(
                text("UPDATE users SET email_confirmed_at = NULL WHERE id = :id"), {"id": bola.id}
            )
        bola = services.users.find(email=bola.email, username=bola.username) or bola

        with pytest.raises(OrganizationNotFound):
            services.members.page(member=bola, organization_id=band.id, after=None, limit=10)

    def test_of_a_manager_do_not_reach_the_team(self, services: Services, band: Band) -> None:
        bola = band.member(MANAGER)

        with pytest.raises(OrganizationRoleMissing):
            services.members.change_role(
                owner=bola, organization_id=band.id, user_id=bola.id, role=OWNER
            )
        with pytest.raises(OrganizationRoleMissing):
            services.members.remove(caller=bola, organization_id=band.id, user_id=band.owner.id)
        with pytest.raises(OrganizationRoleMissing):
            services.organizations.edit(
                member=bola, organization_id=band.id, changes=OrganizationChanges(name="Mine")
            )


class TestHandOver:
    def test_needs_rights_in_both(self, services: Services, band: Band, make: Factory) -> None:
        ada, bola = make.user(), band.member(MANAGER)
        event = make.event(organizer=ada)
        other = make.event(organizer=bola)

        with pytest.raises(OrganizationNotFound):
            services.organizations.hand_over(member=ada, event_id=event.id, organization_id=band.id)
        with pytest.raises(EventNotFound):
            services.organizations.hand_over(
                member=bola, event_id=event.id, organization_id=band.id
            )
        handed = services.organizations.hand_over(
            member=bola, event_id=other.id, organization_id=band.id
        )

        assert (handed.organization_id, handed.created_by) == (band.id, bola.id)
        with pytest.raises(OrganizationRoleMissing):
            services.organizations.hand_over(
                member=bola, event_id=other.id, organization_id=other.organization_id
            )


class TestLastOwner:
    def test_can_neither_leave_nor_step_down(self, services: Services, band: Band) -> None:
        band.member(MANAGER)

        with pytest.raises(LastOwner):
            services.members.remove(
                caller=band.owner, organization_id=band.id, user_id=band.owner.id
            )
        with pytest.raises(LastOwner):
            services.members.change_role(
                owner=band.owner, organization_id=band.id, user_id=band.owner.id, role=MANAGER
            )
        with pytest.raises(MemberNotFound):
            services.members.remove(
                caller=band.owner, organization_id=band.id, user_id=band.stranger.id
            )

    def test_can_once_there_is_another(self, services: Services, band: Band) -> None:
        bola = band.member(MANAGER)
        services.members.change_role(
            owner=band.owner, organization_id=band.id, user_id=bola.id, role=OWNER
        )

        services.members.remove(caller=band.owner, organization_id=band.id, user_id=band.owner.id)

        page = services.members.page(member=bola, organization_id=band.id, after=None, limit=10)
        assert [(each.user.id, each.membership.role) for each in page.items] == [(bola.id, OWNER)]

    def test_cannot_delete_the_account_while_others_are_members(
        self, services: Services, band: Band
    ) -> None:
        bola = band.member(MANAGER)

        with pytest.raises(AccountInUse) as refusal:
            services.account_deletion.delete_own(user=band.owner, password=PASSWORD)
        services.members.remove(caller=band.owner, organization_id=band.id, user_id=bola.id)
        services.account_deletion.delete_own(user=band.owner, password=PASSWORD)

        assert f"have other members: {band.id}." in refusal.value.detail

    def test_cannot_delete_the_account_while_an_event_lies_ahead(
        self, services: Services, band: Band, make: Factory
    ) -> None:
        bola = band.member(MANAGER)
        event = make.event(organizer=bola, organization_id=band.id)
        services.members.remove(caller=bola, organization_id=band.id, user_id=bola.id)
        services.account_deletion.delete_own(user=bola, password=PASSWORD)

        with pytest.raises(AccountInUse) as refusal:
            services.account_deletion.delete_own(user=band.owner, password=PASSWORD)

        assert f"not over: {event.id}." in refusal.value.detail
