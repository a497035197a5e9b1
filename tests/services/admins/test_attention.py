"""What needs a person is in one list, the oldest first, until it is done."""

import json
from datetime import timedelta
from functools import partial

import pytest

from app.domain.admins.actions import AdminActionKind
from app.domain.admins.attention import LOST_FOR, AttentionItem, AttentionKind, remedy_for
from app.domain.errors import (
    DisputeNotFound,
    DisputeNotLost,
    MailRejected,
    MessageNotDead,
    OrderNotFound,
    OrderNotPending,
    PaymentGatewayUnavailable,
    PaymentNotFound,
    RefundNotStuck,
    RefundRefused,
    RoleMissing,
)
from app.domain.ids import OrderId, PaymentId
from app.domain.paging import Cursor
from app.domain.states import OrderStatus, OutboxStatus, RefundState, Role
from app.http.services import Services
from app.models.users.users import User
from app.repositories.database import Database
from app.services.payments.settlement import Settlement
from tests.support.factories import Factory
from tests.support.fakes import FakeClock, FakeGateway, FakeMailer

WHY = "The buyer called"


@pytest.fixture
def admin(make: Factory) -> User:
    return make.user(name="root", role=Role.ADMIN)


@pytest.fixture
def bought(make: Factory) -> Settlement:
    return make.buy(make.user(name="ada"), make.event(organizer=make.user()).id)


def listed(services: Services, admin: User) -> list[AttentionItem]:
    return list(services.attention.page(caller=admin, after=None, limit=50).items)


def refuse() -> None:
    raise RefundRefused("TCK", "Your balance is not enough")


def resolve(services: Services, make: Factory, bought: Settlement, resolution: str | None) -> None:
    """Paystack tells of a dispute, and how it ended."""
    name = "create" if resolution is None else "resolve"
    dispute = {
        "id": 7,
        "status": "resolved" if resolution else "awaiting-merchant-feedback",
        "category": "chargeback",
        "resolution": resolution,
        "transaction": {"reference": bought.payment.reference},
    }
    body = json.dumps({"event": f"charge.dispute.{name}", "data": dispute}).encode()
    services.webhooks.receive(body=body, signature="signed")
    make.work()


class TestRefund:
    def test_is_listed_until_it_is_done(
        self,
        services: Services,
        make: Factory,
        gateway: FakeGateway,
        admin: User,
        bought: Settlement,
    ) -> None:
        gateway.before_refund = refuse
        refund = services.refund_requests.request_refund(order_id=bought.order.id, caller=admin)
        make.work()

        (item,) = listed(services, admin)

        assert (item.kind, item.id, item.detail) == (AttentionKind.REFUND, refund.id, "failed")
        assert item.reference == bought.payment.reference
        assert item.order_id == bought.order.id
        assert "balance" in (item.told or "")
        assert remedy_for(item.kind, item.id).operations == (
            f"POST /admin/refunds/{refund.id}/retry",
            f"POST /admin/refunds/{refund.id}/done",
        )

        done = services.attention.mark_refund_done(
            caller=admin, refund_id=refund.id, reason="Bank transfer"
        )

        assert (done.refund.state, done.refund.done_note) == (
            RefundState.PROCESSED,
            "Bank transfer",
        )
        assert listed(services, admin) == []
        with pytest.raises(RefundNotStuck):
            services.attention.retry_refund(caller=admin, refund_id=refund.id, reason=WHY)


class TestMail:
    def test_is_listed_until_it_is_sent_or_dropped(
        self,
        services: Services,
        make: Factory,
        mailer: FakeMailer,
        admin: User,
        bought: Settlement,
    ) -> None:
        mailer.failure = MailRejected("no such mailbox")
        make.work()

        (item,) = listed(services, admin)

        assert (item.kind, item.detail, item.order_id) == (
            AttentionKind.MAIL,
            "tickets-issued",
            None,
        )
        assert "no such mailbox" in (item.told or "")
        services.messages.send_again(caller=admin, message_id=item.id, reason=WHY)
        assert listed(services, admin) == []
        with pytest.raises(MessageNotDead):
            services.messages.drop(caller=admin, message_id=item.id, reason=WHY)

        make.work()
        dropped = services.messages.drop(caller=admin, message_id=item.id, reason=WHY)

        assert dropped.status == OutboxStatus.DROPPED
        assert listed(services, admin) == []


class TestDispute:
    def test_is_listed_while_it_waits_and_after_it_was_lost(
        self, services: Services, make: Factory, clock: FakeClock, admin: User, bought: Settlement
    ) -> None:
        resolve(services, make, bought, None)

        (item,) = listed(services, admin)

        assert (item.kind, item.order_id) == (AttentionKind.DISPUTE, bought.order.id)
        assert remedy_for(item.kind, item.id).operations == ()
        with pytest.raises(DisputeNotLost):
            services.attention.close_dispute(caller=admin, dispute_id=item.id, reason=WHY)

        clock.advance(timedelta(minutes=1))
        resolve(services, make, bought, "merchant-accepted")
        (item,) = listed(services, admin)
        assert (item.kind, item.since) == (AttentionKind.LOST_DISPUTE, clock.now())

        services.attention.close_dispute(caller=admin, dispute_id=item.id, reason=WHY)

        assert listed(services, admin) == []
        with pytest.raises(DisputeNotLost):
            services.attention.close_dispute(caller=admin, dispute_id=item.id, reason=WHY)
        with pytest.raises(DisputeNotFound):
            services.attention.close_dispute(caller=admin, dispute_id=99, reason=WHY)

    def test_is_not_listed_for_ever(
        self, services: Services, make: Factory, clock: FakeClock, admin: User, bought: Settlement
    ) -> None:
        resolve(services, make, bought, "merchant-accepted")

        clock.advance(LOST_FOR - timedelta(seconds=1))
        assert len(listed(services, admin)) == 1
        clock.advance(timedelta(seconds=1))

        assert listed(services, admin) == []

    def test_is_not_listed_when_it_was_won(
        self, services: Services, make: Factory, admin: User, bought: Settlement
    ) -> None:
        resolve(services, make, bought, "declined")

        assert listed(services, admin) == []


class TestPayment:
    def test_is_listed_while_paystack_does_not_tell(
        self, services: Services, make: Factory, clock: FakeClock, gateway: FakeGateway, admin: User
    ) -> None:
        opened = make.pay(make.user(), make.event().id)
        gateway.failure = PaymentGatewayUnavailable("TCK")
        for _ in range(70):
            clock.advance(timedelta(minutes=1))
            services.holds.expire()

        (item,) = listed(services, admin)

        assert (item.kind, item.id) == (AttentionKind.PAYMENT, opened.payment.id)
        check = partial(services.attention.check_payment, caller=admin, reason=WHY)
        with pytest.raises(PaymentGatewayUnavailable):
            check(payment_id=opened.payment.id)
        gateway.failure = None
        clock.advance(timedelta(minutes=1))

        settled = check(payment_id=opened.payment.id)

        assert settled.order.status == OrderStatus.PAID
        assert listed(services, admin) == []
        actions = services.admin_log.page(
            caller=admin, action=AdminActionKind.PAYMENT_CHECKED, after=None, limit=9
        ).items
        assert [row.reason for row in actions] == [WHY, WHY]
        with pytest.raises(PaymentNotFound):
            check(payment_id=PaymentId(99))


class TestJob:
    def test_is_listed_after_some_failures(
        self, services: Services, database: Database, clock: FakeClock, admin: User
    ) -> None:
        for tries in range(3):
            assert listed(services, admin) == [], tries
            with database.writing() as work:
                work.failed_items.put_off("holds", 7, error="ValueError", now=clock.now())

        (item,) = listed(services, admin)

        assert (item.kind, item.id, item.detail, item.told) == (
            AttentionKind.JOB,
            7,
            "holds",
            "ValueError",
        )


class TestHold:
    def test_is_released_with_a_reason(
        self, services: Services, make: Factory, admin: User
    ) -> None:
        ada = make.user()
        order = make.order(ada, make.event().id)

        released = services.orders.release_any(caller=admin, order_id=order.id, reason=WHY)

        assert released.order.status == OrderStatus.CANCELLED
        assert released.history[-1].reason == "released by an admin"
        (row,) = services.admin_log.page(caller=admin, after=None, limit=9).items
        assert (row.action, row.subject_id, row.account_id, row.reason) == (
            AdminActionKind.HOLD_RELEASED,
            order.id,
            ada.id,
            WHY,
        )
        with pytest.raises(OrderNotPending):
            services.orders.release_any(caller=admin, order_id=order.id, reason=WHY)
        with pytest.raises(OrderNotFound):
            services.orders.release_any(caller=admin, order_id=OrderId(99), reason=WHY)
        with pytest.raises(RoleMissing):
            services.orders.release_any(caller=ada, order_id=order.id, reason=WHY)
        assert len(services.admin_log.page(caller=admin, after=None, limit=9).items) == 1


class TestPage:
    def test_is_of_all_kinds_the_oldest_first(
        self,
        services: Services,
        make: Factory,
        database: Database,
        clock: FakeClock,
        mailer: FakeMailer,
        admin: User,
        bought: Settlement,
    ) -> None:
        mailer.failure = MailRejected("no such mailbox")
        make.work()
        clock.advance(timedelta(minutes=1))
        resolve(services, make, bought, None)
        with database.writing() as work:
            for _ in range(3):
                work.failed_items.put_off("refunds", 1, error="ValueError", now=clock.now())

        everything = listed(services, admin)
        one_by_one: list[AttentionItem] = []
        after: Cursor | None = None
        for _ in everything:
            page = services.attention.page(caller=admin, after=after, limit=1)
            one_by_one += page.items
            after = page.next

        assert everything[0].kind == AttentionKind.MAIL
        assert len(everything) >= 3
        assert [item.since for item in everything] == sorted(item.since for item in everything)
        assert one_by_one == everything
        assert after is None

    def test_is_for_admins(self, services: Services, make: Factory) -> None:
        with pytest.raises(RoleMissing):
            services.attention.page(caller=make.user(role=Role.ORGANIZER), after=None, limit=9)
