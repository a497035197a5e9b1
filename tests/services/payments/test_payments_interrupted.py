"""Payments whose opening was cut short, or overtaken, at the worst moment."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from app.domain.states import PaymentStatus
from app.http.services import Services
from app.services.orders.order_placement import ASK_FIRST_AFTER
from app.services.payments.settlement import TRY_AGAIN_WITHIN
from tests.support.factories import Factory
from tests.support.fakes import FakeClock, FakeGateway, FakeMailer


@dataclass
class FatalGateway(FakeGateway):
    """A provider whose call is the last thing our process does."""

    reached: bool = False

    def start_charge(self, **values: Any) -> str:
        if self.reached:
            super().start_charge(**values)
        raise SystemExit


class TestPayInAProcessThatDies:
    """Between the commit of the hold and the commit of the provider's answer."""

    @pytest.fixture
    def gateway(self) -> FatalGateway:
        return FatalGateway()

    def test_frees_the_places_of_a_charge_that_was_never_sent(
        self, services: Services, make: Factory, clock: FakeClock
    ) -> None:
        event = make.event(capacity=1)
        with pytest.raises(SystemExit):
            make.pay(make.user(), event.id)
        assert services.events.get(event.id).places_left == 0

        clock.advance(ASK_FIRST_AFTER)
        make.work()
        clock.advance(TRY_AGAIN_WITHIN)
        make.work()

        assert services.events.get(event.id).places_left == 1

    def test_issues_the_ticket_of_a_charge_that_was_sent_and_paid(
        self,
        make: Factory,
        gateway: FatalGateway,
        mailer: FakeMailer,
        clock: FakeClock,
    ) -> None:
        gateway.reached = True
        ada = make.user()
        with pytest.raises(SystemExit):
            make.pay(ada, make.event(capacity=1).id)

        clock.advance(ASK_FIRST_AFTER)
        make.work()

        assert len(mailer.to(ada.email)) == 1


@dataclass
class HastyGateway(FakeGateway):
    """A provider whose webhook overtakes its own answer."""

    meanwhile: Callable[[str], object] = str

    def start_charge(self, **values: Any) -> str:
        charge = super().start_charge(**values)
        self.meanwhile(values["reference"])
        return charge


class TestPayWhileTheWebhookOvertakes:
    @pytest.fixture
    def gateway(self) -> HastyGateway:
        return HastyGateway()

    def test_keeps_what_the_webhook_settled(
        self, services: Services, make: Factory, gateway: HastyGateway, mailer: FakeMailer
    ) -> None:
        gateway.meanwhile = services.settlement.settle

        settlement = make.pay(make.user(), make.event().id)
        make.work()

        assert settlement.payment.status == PaymentStatus.SUCCEEDED
        assert settlement.payment.ask_at is None
        assert settlement.payment.authorization_url is not None
        assert len(settlement.tickets) == 1
        assert len(mailer.sent) == 1
