import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from app.domain.errors import WebhookRejected, WebhookUnreadable
from app.domain.money import Money
from app.domain.ports import RefundStatus
from app.domain.states import PaymentStatus, RefundState
from app.http.services import Services
from app.repositories.database import Database
from app.services.payments.webhooks import LEASE, MOST_LOOKS
from tests.support.factories import Factory
from tests.support.fakes import FakeClock, FakeGateway, FakeMailer


def body(event: str = "charge.success", **about: Any) -> bytes:
    return json.dumps({"event": event, "data": about}).encode()


def receive(services: Services, message: bytes) -> bool:
    return services.webhooks.receive(body=message, signature="signed")


def outcomes(database: Database) -> list[str | None]:
    with database.connection() as connection:
        rows = connection.execute(text("SELECT outcome FROM webhook_deliveries ORDER BY id"))
        return list(rows.scalars())


class TestReceive:
    @pytest.mark.parametrize("signature", [None, "", "SIGNED", "signe", "forged"])
    def test_keeps_nothing_without_the_providers_signature(
        self, services: Services, database: Database, signature: str | None
    ) -> None:
        with pytest.raises(WebhookRejected):
            services.webhooks.receive(body=body(reference="r"), signature=signature)

        assert outcomes(database) == []

    @pytest.mark.parametrize(
        "message",
        [
            b"",
            b"no json",
            b"[]",
            b"{}",
            b'{"event": "charge.success"}',
            b'{"event": "charge.success", "data": 3}',
            b'{"event": 3, "data": {}}',
            b'{"event": "", "data": {}}',
            b'{"event": "a\\u0000b", "data": {}}',
            b'{"event": "\\ud800", "data": {}}',
            b'{"event": "\xff", "data": {}}',
            b"[" * 100_000,
        ],
    )
    def test_refuses_what_is_no_event(
        self, services: Services, database: Database, message: bytes
    ) -> None:
        with pytest.raises(WebhookUnreadable):
            receive(services, message)

        assert outcomes(database) == []

    @pytest.mark.smoke
    def test_keeps_a_repeat_once(self, services: Services, database: Database) -> None:
        message = body(reference="r")

        assert [receive(services, message) for _ in range(3)] == [True, False, False]

        assert outcomes(database) == [None]

    @pytest.mark.parametrize("reference", [None, 7, "", "x" * 65, "a\u0000b", "\ud800"])
    def test_takes_an_event_whose_reference_makes_no_sense(
        self, services: Services, database: Database, reference: Any
    ) -> None:
        receive(services, body(reference=reference))

        assert services.webhooks.act_on_due() == 1
        assert outcomes(database) == ["names no payment"]


class TestActOnDue:
    @pytest.mark.smoke
    def test_issues_the_ticket(self, services: Services, make: Factory, mailer: FakeMailer) -> None:
        ada = make.user()
        reference = make.pay(ada, make.event().id).payment.reference
        receive(services, body(reference=reference))

        make.work()

        assert len(services.settlement.outcome(reference).tickets) == 1
        assert len(mailer.to(ada.email)) == 1

    def test_believes_the_provider_and_not_the_message(
        self, services: Services, make: Factory, gateway: FakeGateway
    ) -> None:
        gateway.pays_at_once = False
        reference = make.pay(make.user(), make.event().id).payment.reference
        receive(services, body(reference=reference, status="success", amount=250_000))

        make.work()

        assert services.settlement.outcome(reference).payment.status == PaymentStatus.OPEN

    def test_acts_later_when_the_provider_is_down(
        self,
        services: Services,
        make: Factory,
        gateway: FakeGateway,
        database: Database,
        clock: FakeClock,
    ) -> None:
        reference = make.pay(make.user(), make.event().id).payment.reference
        gateway.go_down()
        receive(services, body(reference=reference))
        make.work()
        assert services.settlement.outcome(reference).tickets == ()
        gateway.come_back()
        assert services.webhooks.act_on_due() == 0

        clock.advance(timedelta(seconds=5))

        assert services.webhooks.act_on_due() == 1
        assert len(services.settlement.outcome(reference).tickets) == 1
        assert outcomes(database) == ["succeeded"]

    def test_asks_again_when_the_provider_does_not_know_yet_what_it_told(
        self, services: Services, make: Factory, gateway: FakeGateway, clock: FakeClock
    ) -> None:
        gateway.pays_at_once = False
        reference = make.pay(make.user(), make.event().id).payment.reference
        clock.advance(timedelta(days=3))
        make.work()
        receive(services, body(reference=reference))
        make.work()

        gateway.pay(reference)
        clock.advance(timedelta(seconds=5))
        make.work()

        assert len(services.settlement.outcome(reference).tickets) == 1

    def test_asks_no_more_when_the_provider_goes_on_to_deny_it(
        self, services: Services, make: Factory, gateway: FakeGateway, clock: FakeClock
    ) -> None:
        gateway.pays_at_once = False
        reference = make.pay(make.user(), make.event().id).payment.reference
        clock.advance(timedelta(days=3))
        make.work()
        gateway.asked.clear()
        receive(services, body(reference=reference))

        for _ in range(60):
            clock.advance(timedelta(minutes=1))
            make.work()

        assert gateway.asked == [reference] * MOST_LOOKS

    def test_acts_though_the_worker_that_took_it_died(
        self, services: Services, make: Factory, database: Database, clock: FakeClock
    ) -> None:
        reference = make.pay(make.user(), make.event().id).payment.reference
        receive(services, body(reference=reference))
        now = clock.now()
        with database.writing() as work:
            assert work.webhooks.take(now=now, lasts=LEASE)

        assert services.webhooks.act_on_due() == 0

        clock.advance(LEASE)
        services.webhooks.act_on_due()

        assert len(services.settlement.outcome(reference).tickets) == 1

    @pytest.mark.parametrize(
        ("event", "outcome"),
        [
            ("charge.success", "not a payment of ours"),
            ("refund.processed", "not a payment of ours"),
            ("transfer.success", "not an event we act on"),
        ],
    )
    def test_lets_what_is_not_ours_pass(
        self, services: Services, database: Database, event: str, outcome: str
    ) -> None:
        receive(services, body(event, reference="somebody-elses"))

        services.webhooks.act_on_due()

        assert outcomes(database) == [outcome]
        assert services.webhooks.act_on_due() == 0

    def test_finds_nothing_to_do_in_a_replay_years_later(
        self, services: Services, make: Factory, mailer: FakeMailer, clock: FakeClock
    ) -> None:
        reference = make.buy(make.user(), make.event().id).payment.reference
        make.work()

        clock.advance(timedelta(days=1000))
        receive(services, body(reference=reference))
        make.work()

        assert len(services.settlement.outcome(reference).tickets) == 1
        assert len(mailer.sent) == 1

    def test_asks_nobody_about_payments_that_are_settled_already(
        self, services: Services, make: Factory, gateway: FakeGateway, database: Database
    ) -> None:
        event_id = make.event().id
        bought = [make.buy(make.user(), event_id).payment.reference for _ in range(2)]
        unsettled = make.pay(make.user(), event_id).payment.reference
        for reference in (bought[0], unsettled, bought[1]):
            receive(services, body(reference=reference))
        gateway.asked.clear()

        assert services.webhooks.act_on_due() == 3

        assert gateway.asked == [unsettled]
        assert outcomes(database) == ["succeeded"] * 3

    def test_looks_at_a_refund_at_once_when_the_provider_mentions_it(
        self, services: Services, make: Factory, gateway: FakeGateway, database: Database
    ) -> None:
        gateway.pays_at_once = False
        payment = make.pay(make.user(), make.event().id).payment
        gateway.pay(payment.reference, Money(100, "NGN"))
        services.settlement.settle(payment.reference)
        make.work()
        (refund_id,) = gateway.refunds
        gateway.end_refund(refund_id, RefundStatus.PROCESSED)
        receive(services, body("refund.processed", transaction_reference=payment.reference))

        make.work()

        with database.reading() as work:
            (refund,) = work.refunds.of_payment(payment.id)
        assert refund.state == RefundState.PROCESSED
