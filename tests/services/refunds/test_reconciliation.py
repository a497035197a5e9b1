from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.errors import PaymentGatewayUnavailable
from app.domain.money import Money
from app.domain.ports import ChargeReport, ChargeStatus, UnreadableCharge
from app.domain.states import PaymentStatus
from app.http.services import Services
from tests.support.factories import Factory
from tests.support.fakes import START, FakeClock, FakeGateway


def said(services: Services) -> list[str]:
    """What differs, in words."""
    return [str(difference) for difference in services.reconciliation.compare().differences]


class TestCompare:
    def test_finds_nothing_when_both_agree(self, services: Services, make: Factory) -> None:
        event = make.event()
        for _ in range(3):
            make.buy(make.user(), event.id)

        found = services.reconciliation.compare()

        assert (found.compared, found.differences) == (3, [])

    def test_reads_every_batch_of_a_long_list(
        self, services: Services, make: Factory, gateway: FakeGateway
    ) -> None:
        reference = make.buy(make.user(), make.event().id).payment.reference
        known = gateway.charges[reference]
        for number in range(250):
            other = f"OTHER-{number}"
            gateway.charges[other] = replace(
                known, report=ChargeReport(ChargeStatus.OPEN, other, Money(100, "NGN"))
            )

        found = services.reconciliation.compare()

        assert (found.compared, found.differences) == (251, [])

    def test_names_money_nobody_here_knows_of(
        self, services: Services, gateway: FakeGateway
    ) -> None:
        gateway.start_charge(
            reference="TCK-LOST",
            amount=Money(250_000, "NGN"),
            email="ada@example.com",
            callback_url="",
            cancel_url="",
            description="",
        )

        (difference,) = services.reconciliation.compare().differences

        assert str(difference) == (
            "TCK-LOST: Paystack took NGN 2,500.00 for it, and it is unknown here"
        )
        assert "backup" in difference.help

    def test_names_a_row_that_cannot_be_read_and_compares_all_others(
        self, services: Services, make: Factory, gateway: FakeGateway
    ) -> None:
        event = make.event()
        odd, good = (make.buy(make.user(), event.id).payment.reference for _ in range(2))
        gateway.unreadable = [
            UnreadableCharge(odd, "currency is no text"),
            UnreadableCharge("", "an object is missing"),
        ]
        del gateway.charges[odd]
        gateway.decline(good)

        assert said(services) == [
            f"{odd}: Paystack lists it in a form that cannot be read: currency is no text",
            "a transaction without a reference: Paystack lists it in a form that cannot be read: "
            "an object is missing",
            f"{good}: here it is succeeded, and at Paystack failed",
        ]

    def test_names_money_that_was_not_settled_in_time(
        self, services: Services, make: Factory, clock: FakeClock
    ) -> None:
        reference = make.pay(make.user(), make.event().id).payment.reference
        assert said(services) == []

        clock.advance(timedelta(minutes=10))

        (difference,) = services.reconciliation.compare().differences
        assert difference.wrong == "Paystack took NGN 2,500.00 for it, and here it is open"
        assert f"/payments/callback?reference={reference}" in difference.help
        services.settlement.settle(reference)
        assert said(services) == []

    def test_settles_nothing(self, services: Services, make: Factory, clock: FakeClock) -> None:
        buyer = make.user()
        reference = make.pay(buyer, make.event().id).payment.reference
        clock.advance(timedelta(hours=1))

        services.reconciliation.compare()

        known = services.payments.get(reference=reference, buyer=buyer)
        assert known.payment.status == PaymentStatus.OPEN

    def test_names_another_amount_currency_and_fee(
        self, services: Services, make: Factory, gateway: FakeGateway
    ) -> None:
        event = make.event()
        first, second, third = (make.buy(make.user(), event.id).payment.reference for _ in range(3))

        gateway.pay(first, Money(240_000, "NGN"))
        gateway.pay(second, Money(250_000, "GHS"))
        gateway.fee_minor = 9_999
        gateway.pay(third)

        assert sorted(said(services)) == sorted(
            [
                f"{first}: Paystack took NGN 2,400.00, and here it is NGN 2,500.00",
                f"{second}: Paystack took GHS 2,500.00, and here it is NGN 2,500.00",
                f"{third}: Paystack kept a fee of NGN 99.99, and here it is NGN 100.00",
            ]
        )

    def test_names_what_was_settled_and_is_not_paid_at_paystack(
        self, services: Services, make: Factory, gateway: FakeGateway
    ) -> None:
        event = make.event()
        declined, gone = (make.buy(make.user(), event.id).payment.reference for _ in range(2))

        gateway.decline(declined)
        del gateway.charges[gone]

        assert sorted(said(services)) == sorted(
            [
                f"{declined}: here it is succeeded, and at Paystack failed",
                f"{gone}: here it is succeeded, and at Paystack unknown",
            ]
        )

    def test_names_money_paystack_gave_back_by_itself(
        self, services: Services, make: Factory, gateway: FakeGateway
    ) -> None:
        settled = make.buy(make.user(), make.event().id)
        gateway.reverse(settled.payment.reference)

        (difference,) = services.reconciliation.compare().differences

        assert difference.wrong == "Paystack gave the money back, and here is no refund of it"
        assert f"order {settled.order.id} " in difference.help

    def test_finds_money_that_we_sent_back_in_order(
        self, services: Services, make: Factory, gateway: FakeGateway
    ) -> None:
        organizer = make.user()
        settled = make.buy(make.user(), make.event(organizer=organizer).id)
        services.refund_requests.request_refund(
            order_id=settled.order.id, caller=organizer, reason="requested"
        )
        make.work()
        gateway.reverse(settled.payment.reference)

        assert said(services) == []

    def test_finds_a_wrong_amount_that_goes_back_in_order(
        self, services: Services, make: Factory, gateway: FakeGateway
    ) -> None:
        gateway.pays_at_once = False
        reference = make.pay(make.user(), make.event().id).payment.reference
        gateway.pay(reference, Money(100, "USD"))
        services.settlement.settle(reference)

        assert said(services) == []

    def test_leaves_out_tickets_that_cost_nothing(self, services: Services, make: Factory) -> None:
        make.pay(make.user(), make.event(price="0").id)

        assert services.reconciliation.compare().compared == 0

    def test_leaves_out_what_was_begun_before(
        self, services: Services, make: Factory, gateway: FakeGateway, clock: FakeClock
    ) -> None:
        event = make.event()
        old = make.buy(make.user(), event.id).payment.reference
        gateway.decline(old)
        clock.advance(timedelta(days=1))
        new = make.buy(make.user(), event.id).payment.reference
        # Paystack's clock is behind ours: its list leaves out what was begun at the very moment.
        gateway.decline(new)

        found = services.reconciliation.compare(since=START + timedelta(days=1))

        assert [difference.reference for difference in found.differences] == [new]

    def test_refuses_while_paystack_does_not_answer(
        self, services: Services, gateway: FakeGateway
    ) -> None:
        gateway.go_down()

        with pytest.raises(PaymentGatewayUnavailable):
            services.reconciliation.compare()
