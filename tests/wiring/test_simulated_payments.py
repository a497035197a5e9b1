"""The simulator's magic addresses, and what the shop makes of each, on one fake clock.

Those that break or slow down a call are in `test_magic`, over real sockets.
"""

from datetime import timedelta

import pytest

from app.domain.errors import PaymentNotCompleted
from app.domain.states import OrderStatus, PaymentStatus
from app.paystack_mock.values.magic import BEHAVIOURS
from tests.support.simulated import Sale, SimulatedShop

OVER_SOCKETS = {"outage", "outage500", "slow"}
IN_PROGRESS = ("pending", "processing", "queued", "bank-transfer")

ENDS = {
    "declined": (PaymentStatus.FAILED, OrderStatus.EXPIRED),
    "webhook-late": (PaymentStatus.SUCCEEDED, OrderStatus.PAID),
    "webhook-twice": (PaymentStatus.SUCCEEDED, OrderStatus.PAID),
    "webhook-first": (PaymentStatus.SUCCEEDED, OrderStatus.PAID),
    "no-webhook": (PaymentStatus.SUCCEEDED, OrderStatus.PAID),
    "not-found-yet": (PaymentStatus.SUCCEEDED, OrderStatus.PAID),
    "pending": (PaymentStatus.SUCCEEDED, OrderStatus.PAID),
    "processing": (PaymentStatus.SUCCEEDED, OrderStatus.PAID),
    "queued": (PaymentStatus.SUCCEEDED, OrderStatus.PAID),
    "bank-transfer": (PaymentStatus.SUCCEEDED, OrderStatus.PAID),
    "wrong-amount": (PaymentStatus.RETURNED, OrderStatus.EXPIRED),
    "customer-fees": (PaymentStatus.SUCCEEDED, OrderStatus.PAID),
    "checkout": (PaymentStatus.OPEN, OrderStatus.EXPIRED),
    "abandoned": (PaymentStatus.OPEN, OrderStatus.EXPIRED),
    "refund-refused": (PaymentStatus.SUCCEEDED, OrderStatus.PAID),
    "refund-failed": (PaymentStatus.SUCCEEDED, OrderStatus.PAID),
    "refund-needs-attention": (PaymentStatus.SUCCEEDED, OrderStatus.PAID),
    "dispute-won": (PaymentStatus.SUCCEEDED, OrderStatus.PAID),
    "dispute-lost": (PaymentStatus.SUCCEEDED, OrderStatus.PAID),
}


class TestEveryAddress:
    def test_is_played(self) -> None:
        assert ENDS.keys() == BEHAVIOURS.keys() - OVER_SOCKETS

    # What follows below is shown on both databases.
    @pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
    @pytest.mark.parametrize("name", ENDS)
    def test_leads_to_its_end(self, simulated: SimulatedShop, name: str) -> None:
        sale = Sale.to(simulated, name)

        for seconds in (0, 5, 5, 60, 900):
            simulated.move_on(timedelta(seconds=seconds))

        assert (sale.status, sale.known.order.status) == ENDS[name]
        assert len(sale.known.tickets) == (sale.status == PaymentStatus.SUCCEEDED)


class TestInProgress:
    @pytest.mark.parametrize("name", IN_PROGRESS)
    def test_is_waited_for_and_announced(self, simulated: SimulatedShop, name: str) -> None:
        sale = Sale.to(simulated, name)
        simulated.move_on()

        with pytest.raises(PaymentNotCompleted) as refusal:
            sale.verify().ensure_paid()
        again = simulated.make.pay(sale.buyer, sale.opened.order.event_id)
        simulated.move_on(timedelta(seconds=5))

        assert "wait" in refusal.value.detail
        assert again.payment.id == sale.opened.payment.id
        assert simulated.webhooks.names == ["charge.success"]
        assert len(sale.known.tickets) == 1

    def test_is_sold_although_the_hold_has_ended(self, simulated: SimulatedShop) -> None:
        sale = Sale.to(simulated, "bank-transfer")
        simulated.clock.advance(timedelta(hours=1))
        simulated.make.work()
        expired = sale.known.order.status

        simulated.move_on()

        assert (expired, sale.known.order.status) == (OrderStatus.EXPIRED, OrderStatus.PAID)


class TestNotFoundYet:
    def test_is_found_soon_after_its_webhook(self, simulated: SimulatedShop) -> None:
        sale = Sale.to(simulated, "not-found-yet")
        simulated.move_on()
        status = sale.verify().payment.status

        simulated.move_on(timedelta(seconds=10))

        assert (status, sale.status) == (PaymentStatus.OPEN, PaymentStatus.SUCCEEDED)


class TestDispute:
    @pytest.mark.parametrize(
        ("name", "resolution", "money_is_gone"),
        [("dispute-won", "declined", False), ("dispute-lost", "merchant-accepted", True)],
    )
    def test_is_followed_to_its_end(
        self, simulated: SimulatedShop, name: str, resolution: str, money_is_gone: bool
    ) -> None:
        sale = Sale.to(simulated, name)
        simulated.move_on()
        seen = []

        for _ in range(3):
            simulated.move_on(timedelta(seconds=5))
            page = simulated.services.refund_desk.disputes(
                caller=sale.organizer, event_id=None, after=None, limit=10
            )
            seen += [(item.dispute.status, item.dispute.resolution) for item in page.items]

        assert seen == [
            ("awaiting-merchant-feedback", None),
            ("awaiting-merchant-feedback", None),
            ("resolved", resolution),
        ]
        assert sale.known.payment.disputed_at is not None
        differences = simulated.services.reconciliation.compare().differences
        assert ["gave the money back" in found.wrong for found in differences] == (
            [True] if money_is_gone else []
        )
        assert len(sale.known.tickets) == 1


class TestRefusedRefund:
    def test_wants_a_person(self, simulated: SimulatedShop) -> None:
        sale = Sale.to(simulated, "refund-refused")

        sale.refund()

        assert sale.refund_state == "failed"
        assert "balance" in (sale.refunded.refund.last_error or "")
        assert ["wants a person" in found for found in simulated.violations()] == [True]
        sale.pay_by_hand()

    def test_is_not_asked_for_after_a_lost_dispute(self, simulated: SimulatedShop) -> None:
        sale = Sale.to(simulated, "dispute-lost")
        for _ in range(4):
            simulated.move_on(timedelta(seconds=5))

        sale.refund()

        # The bank has taken the money already: the tickets end, and nothing goes back again.
        assert sale.refunded.refund.amount.is_free
        assert simulated.violations() == []
