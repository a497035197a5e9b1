"""What admins do is kept with their reason, shown to whom it is about, and has an end."""

from datetime import timedelta

import pytest

from app.domain.admins.actions import AdminActionKind, AdminSubject
from app.domain.errors import (
    AccountDeleted,
    AccountNotFound,
    AddressNotConfirmed,
    LastAdmin,
    OwnAccount,
    RoleMissing,
)
from app.domain.ids import UserId
from app.domain.states import Role
from app.http.services import Services
from app.models.admins.actions import AdminAction
from app.models.users.users import User
from app.repositories.database import Database
from app.services.users.accounts import OPERATOR
from tests.support.factories import PASSWORD, Factory
from tests.support.fakes import FakeClock

WHY = "Asked for by phone"


@pytest.fixture
def admin(make: Factory) -> User:
    return make.user(name="root", role=Role.ADMIN)


@pytest.fixture
def ada(make: Factory) -> User:
    return make.user(name="ada")


def log(services: Services, admin: User) -> list[AdminAction]:
    return list(services.admin_log.page(caller=admin, after=None, limit=50).items)


class TestSetRole:
    def test_grants_and_removes_with_a_reason(
        self, services: Services, admin: User, ada: User
    ) -> None:
        control = services.account_control

        for role in (Role.ORGANIZER, Role.ADMIN, Role.BUYER):
            changed = control.set_role(actor=admin.actor, user_id=ada.id, role=role, reason=WHY)
            assert changed.role == role

        rows = log(services, admin)
        assert [(row.action, row.detail, row.reason) for row in rows] == [
            (AdminActionKind.ROLE_CHANGED, "admin to buyer", WHY),
            (AdminActionKind.ROLE_CHANGED, "organizer to admin", WHY),
            (AdminActionKind.ROLE_CHANGED, "buyer to organizer", WHY),
        ]
        assert {(row.actor, row.subject, row.subject_id, row.account_id) for row in rows} == {
            (f"user:{admin.id}", AdminSubject.ACCOUNT, ada.id, ada.id)
        }

    def test_leaves_an_admin(self, services: Services, admin: User, make: Factory) -> None:
        control = services.account_control
        disabled = make.user(role=Role.ADMIN)
        control.set_disabled(actor=admin.actor, user_id=disabled.id, disabled=True, reason=WHY)
        before = log(services, admin)

        for role in (Role.BUYER, Role.ORGANIZER):
            with pytest.raises(LastAdmin):
                control.set_role(actor=admin.actor, user_id=admin.id, role=role, reason=WHY)
        with pytest.raises(OwnAccount):
            control.set_disabled(actor=admin.actor, user_id=admin.id, disabled=True, reason=WHY)
        with pytest.raises(LastAdmin):
            services.account_deletion.delete_own(user=admin, password=PASSWORD)

        assert (
            control.set_role(actor=admin.actor, user_id=admin.id, role=Role.ADMIN, reason=WHY).role
            == Role.ADMIN
        )
        assert len(log(services, admin)) == len(before) + 1

    def test_lets_an_admin_go_when_another_is_left(
        self, services: Services, admin: User, make: Factory
    ) -> None:
        other = make.user(role=Role.ADMIN)

        services.account_control.set_role(
            actor=admin.actor, user_id=admin.id, role=Role.BUYER, reason=WHY
        )

        # What it could do when the call began counts no more.
        with pytest.raises(RoleMissing):
            services.account_control.set_role(
                actor=admin.actor, user_id=other.id, role=Role.BUYER, reason=WHY
            )
        with pytest.raises(LastAdmin):
            services.account_control.set_role(
                actor=other.actor, user_id=other.id, role=Role.BUYER, reason=WHY
            )

    def test_gives_more_rights_to_confirmed_addresses_only(
        self, services: Services, admin: User, new_user: User
    ) -> None:
        for role in (Role.ORGANIZER, Role.ADMIN):
            with pytest.raises(AddressNotConfirmed):
                services.account_control.set_role(
                    actor=admin.actor, user_id=new_user.id, role=role, reason=WHY
                )
        services.account_control.set_role(
            actor=admin.actor, user_id=new_user.id, role=Role.BUYER, reason=WHY
        )

    def test_is_not_for_what_was_deleted_or_never_was(
        self, services: Services, admin: User, ada: User
    ) -> None:
        services.account_deletion.delete_own(user=ada, password=PASSWORD)
        for user_id, refusal in ((ada.id, AccountDeleted), (UserId(999), AccountNotFound)):
            with pytest.raises(refusal):
                services.account_control.set_role(
                    actor=admin.actor, user_id=user_id, role=Role.ADMIN, reason=WHY
                )

    def test_is_for_admins(self, services: Services, make: Factory, ada: User) -> None:
        organizer = make.user(role=Role.ORGANIZER)
        with pytest.raises(RoleMissing):
            services.account_control.set_role(
                actor=organizer.actor, user_id=ada.id, role=Role.ADMIN, reason=WHY
            )


class TestLog:
    def test_has_what_the_command_line_did(
        self, services: Services, admin: User, ada: User
    ) -> None:
        services.users.set_role(name="ada", role=Role.ORGANIZER)
        services.account_control.set_disabled(actor=OPERATOR, user_id=ada.id, disabled=True)
        services.account_control.log_out(actor=OPERATOR, user_id=ada.id)

        assert [(row.actor, row.action) for row in log(services, admin)] == [
            ("operator", AdminActionKind.LOGGED_OUT),
            ("operator", AdminActionKind.ACCOUNT_DISABLED),
            ("operator", AdminActionKind.ROLE_CHANGED),
        ]

    def test_has_nothing_of_what_was_refused(
        self, services: Services, admin: User, ada: User
    ) -> None:
        with pytest.raises(AccountNotFound):
            services.account_control.log_out(actor=admin.actor, user_id=UserId(999), reason=WHY)

        assert log(services, admin) == []

    def test_has_whom_admins_looked_at(
        self, services: Services, make: Factory, admin: User, ada: User
    ) -> None:
        bought = make.buy(ada, make.event().id)
        records = services.admin_records

        records.person(caller=admin, user_id=ada.id)
        records.order(caller=admin, order_id=bought.order.id)
        records.payment(caller=admin, payment_id=bought.payment.id)
        records.ticket(caller=admin, ticket_id=bought.tickets[0].id)

        rows = log(services, admin)
        assert {row.account_id for row in rows} == {ada.id}
        assert [row.subject for row in reversed(rows)] == [
            AdminSubject.ACCOUNT,
            AdminSubject.ORDER,
            AdminSubject.PAYMENT,
            AdminSubject.TICKET,
        ]
        for look in (
            lambda: records.person(caller=ada, user_id=ada.id),
            lambda: records.order(caller=ada, order_id=bought.order.id),
            lambda: records.payment(caller=ada, payment_id=bought.payment.id),
            lambda: records.ticket(caller=ada, ticket_id=bought.tickets[0].id),
        ):
            with pytest.raises(RoleMissing):
                look()
        with pytest.raises(RoleMissing):
            services.admin_log.page(caller=ada, after=None, limit=9)

    def test_comes_in_pages_and_is_filtered(
        self, services: Services, make: Factory, admin: User, ada: User
    ) -> None:
        other = make.user(role=Role.ADMIN)
        for by in (admin, other, admin):
            services.account_control.log_out(actor=by.actor, user_id=ada.id, reason=WHY)
        services.admin_records.person(caller=admin, user_id=other.id)

        first = services.admin_log.page(caller=admin, account_id=ada.id, after=None, limit=2)
        rest = services.admin_log.page(caller=admin, account_id=ada.id, after=first.next, limit=2)
        by_other = services.admin_log.page(
            caller=admin, actor=f"user:{other.id}", after=None, limit=9
        )
        shown = services.admin_log.page(
            caller=admin, action=AdminActionKind.SHOWN, after=None, limit=9
        )

        assert len(first.items) == 2
        assert len(rest.items) == 1
        assert rest.next is None
        assert len(by_other.items) == len(shown.items) == 1


class TestPersonalData:
    def test_is_told_to_whom_it_is_about(self, services: Services, admin: User, ada: User) -> None:
        services.account_control.log_out(actor=admin.actor, user_id=ada.id, reason=WHY)
        services.admin_records.person(caller=admin, user_id=admin.id)

        kept = services.users.own_data(user_id=ada.id)

        assert [row.reason for row in kept.admin_actions] == [WHY]

    def test_is_emptied_with_the_account(self, services: Services, admin: User, ada: User) -> None:
        for words in ("ADA@example.com", "ada", "bola"):
            services.admin_search.people(caller=admin, words=words, after=None, limit=5)
        services.account_control.log_out(actor=admin.actor, user_id=ada.id, reason="Ada called")

        services.account_deletion.delete_own(user=ada, password=PASSWORD)

        rows = log(services, admin)
        assert [(row.action, row.words, row.reason) for row in rows] == [
            (AdminActionKind.LOGGED_OUT, None, None),
            (AdminActionKind.SEARCHED, "bola", None),
            (AdminActionKind.SEARCHED, None, None),
            (AdminActionKind.SEARCHED, None, None),
        ]
        assert services.audit.violations() == []

    def test_ends(
        self,
        services: Services,
        make: Factory,
        database: Database,
        clock: FakeClock,
        admin: User,
        ada: User,
    ) -> None:
        services.account_control.log_out(actor=admin.actor, user_id=ada.id, reason=WHY)

        clock.advance(timedelta(days=730))
        make.work()
        kept = log(services, admin)
        clock.advance(timedelta(hours=2))
        make.work()

        assert len(kept) == 1
        assert log(services, admin) == []
