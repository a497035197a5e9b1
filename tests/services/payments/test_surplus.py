"""Payments of more than was asked, as of an account that adds its fees to what buyers pay."""

from datetime import timedelta

import pytest

from app.domain.money import Money
from app.http.services import Services
from tests.support.factories import Factory
from tests.support.fakes import FakeClock, FakeGateway

pytestmark = pytest.mark.usefixtures("audited")


class TestSettle:
    @pytest.mark.parametrize("surplus_minor", [1, 13_750, 250_000])
    def test_sells_for_more_and_keeps_the_difference_on_record(
        self, services: Services, make: Factory, gateway: FakeGateway, surplus_minor: int
    ) -> None:
        gateway.pays_at_once = False
        reference = make.pay(make.user(), make.event().id).payment.reference
        gateway.pay(reference, Money(250_000 + surplus_minor, "NGN"))

        services.settlement.settle(reference).ensure_paid()
        make.work()

        assert services.settlement.outcome(reference).payment.surplus_minor == surplus_minor
        assert gateway.refunds == {}
        assert services.reconciliation.compare().differences == []
        assert services.audit.violations(provider=gateway.ledger()) == []

    def test_gives_all_of_it_back_if_it_came_too_late(
        self, services: Services, make: Factory, gateway: FakeGateway, clock: FakeClock
    ) -> None:
        gateway.pays_at_once = False
        event = make.event(capacity=1)
        late = make.pay(make.user(), event.id).payment.reference
        clock.advance(timedelta(hours=1))
        make.work()
        gateway.pays_at_once = True
        make.buy(make.user(), event.id)
        gateway.pay(late, Money(260_000, "NGN"))

        services.settlement.settle(late)
        make.work()

        assert [refund.amount for refund in gateway.refunds.values()] == [Money(260_000, "NGN")]
        assert services.settlement.outcome(late).payment.surplus_minor == 0
        assert services.audit.violations(provider=gateway.ledger()) == []
