"""Permissions are one table, in the code and in the guide."""

from pathlib import Path

import pytest

from app.domain.actors import Actor
from app.domain.errors import EventNotFound, OrganizationRoleMissing
from app.domain.ids import UserId
from app.domain.permissions import ROLES_FOR, Action, OrganizationRole, Rights
from app.domain.states import Role

GUIDE = Path(__file__).parents[3] / "docs" / "guide" / "organizations.md"


def table() -> str:
    """The table as the guide shows it."""
    rows = [
        "| "
        + " | ".join([action, *("✓" if role in roles else "" for role in OrganizationRole)])
        + " |"
        for action, roles in ROLES_FOR.items()
    ]
    return "\n".join(rows)


class TestTable:
    def test_has_a_row_for_each_action(self) -> None:
        assert list(ROLES_FOR) == list(Action)

    def test_gives_owners_everything(self) -> None:
        assert {action for action in Action if OrganizationRole.OWNER not in ROLES_FOR[action]} == (
            set()
        )

    def test_shows_attendees_to_whoever_checks_tickets(self) -> None:
        assert set(ROLES_FOR[Action.CHECK_IN]) <= set(ROLES_FOR[Action.SEE_ATTENDEES])

    def test_is_the_one_of_the_guide(self) -> None:
        assert table() in GUIDE.read_text(), f"the guide should say:\n{table()}"


class TestEnsure:
    def test_finds_nothing_for_strangers(self) -> None:
        with pytest.raises(EventNotFound):
            Rights().ensure(Action.CHECK_IN, EventNotFound(1))

    def test_names_the_roles_that_would_do(self) -> None:
        with pytest.raises(OrganizationRoleMissing) as refusal:
            Rights(OrganizationRole.CHECKER).ensure(Action.REFUND, EventNotFound(1))

        assert refusal.value.facts["needed"] == "owner, manager, finance"
        assert refusal.value.detail.endswith("It takes the role owner, manager or finance.")

    def test_names_a_single_role(self) -> None:
        refusal = OrganizationRoleMissing("sing", ["owner"])

        assert refusal.detail.endswith("It takes the role owner.")

    @pytest.mark.parametrize("action", Action)
    def test_lets_admins_do_everything(self, action: Action) -> None:
        Rights(is_admin=True).ensure(action, EventNotFound(1))


class TestRights:
    @pytest.mark.parametrize("confirmed", [True, False])
    @pytest.mark.parametrize("role", [Role.BUYER, Role.ORGANIZER])
    def test_in_an_organization_need_a_confirmed_address(self, role: Role, confirmed: bool) -> None:
        actor = Actor(user_id=UserId(7), role=role, email_confirmed=confirmed)

        assert actor.rights(OrganizationRole.OWNER, is_personal=False).is_member is confirmed

    @pytest.mark.parametrize("confirmed", [True, False])
    @pytest.mark.parametrize("role", [Role.BUYER, Role.ORGANIZER])
    def test_in_a_personal_one_need_the_role(self, role: Role, confirmed: bool) -> None:
        actor = Actor(user_id=UserId(7), role=role, email_confirmed=confirmed)

        rights = actor.rights(OrganizationRole.OWNER, is_personal=True)

        assert rights.is_member is (role == Role.ORGANIZER)

    @pytest.mark.parametrize("is_personal", [True, False])
    def test_are_none_without_membership_or_an_account(self, is_personal: bool) -> None:
        actor = Actor(user_id=UserId(7), role=Role.ORGANIZER, email_confirmed=True)

        assert not actor.rights(None, is_personal=is_personal).is_member
        assert not Actor().rights(None, is_personal=is_personal).is_member
