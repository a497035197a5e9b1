"""Webhook, verify call and callback page, in whatever order the network brings them."""

import json
from collections.abc import Callable
from itertools import permutations

import httpx
import pytest

from app.domain.states import PaymentStatus
from app.http.services import Services
from app.repositories.database import Database
from app.services.orders.order_steps import OrderSteps
from tests.conftest import LogIn
from tests.support.factories import Factory
from tests.support.fakes import FakeGateway, FakeMailer

ORDERS = sorted(set(permutations(["webhook", "verify", "callback"] * 2)))


@pytest.mark.slow
class TestSettleFromEverywhere:
    def test_issues_one_ticket_and_one_mail_in_every_order_twice_each(
        self,
        services: Services,
        make: Factory,
        api: httpx.Client,
        log_in: LogIn,
        mailer: FakeMailer,
        gateway: FakeGateway,
    ) -> None:
        event = make.event(capacity=len(ORDERS))
        headers = log_in("ada")

        def tell(by: str, reference: str) -> None:
            message = json.dumps({"event": "charge.success", "data": {"reference": reference}})
            match by:
                case "webhook":
                    answer = api.post(
                        "/payments/webhook",
                        content=message,
                        headers={"x-paystack-signature": "signed"},
                    )
                    services.webhooks.act_on_due()
                case "verify":
                    answer = api.post(f"/payments/verify/{reference}", headers=headers)
                case _:
                    answer = api.get(f"/payments/callback?reference={reference}")
            assert answer.status_code == 200, answer.text

        seen = set()
        for number, order in enumerate(ORDERS, start=1):
            opened = api.post("/payments/pay", json={"event_id": event.id}, headers=headers)
            reference = opened.json()["reference"]
            for by in order:
                tell(by, reference)

            shown = api.get(f"/payments/{reference}", headers=headers).json()
            seen.update(shown["ticket_ids"])
            assert len(shown["ticket_ids"]) == 1, order
            assert len(seen) == number, order
        make.work()

        tickets = [mail for mail in mailer.sent if mail.attachments]
        assert len(ORDERS) == len(tickets) == 90
        assert gateway.refunds == {}
        assert services.events.get(event.id).places_left == 0


class TestSettleAtOnce:
    """A second asker comes while the first waits for the provider; both hear that it was paid."""

    def overlap(self, gateway: FakeGateway, other: Callable[[], object]) -> None:
        def once() -> None:
            gateway.before_find = None
            other()

        gateway.before_find = once

    def test_issues_one_ticket_for_one_payment(
        self, services: Services, make: Factory, gateway: FakeGateway, mailer: FakeMailer
    ) -> None:
        event = make.event(capacity=1)
        reference = make.pay(make.user(), event.id).payment.reference
        others = []
        self.overlap(gateway, lambda: others.append(services.settlement.settle(reference)))

        settlement = services.settlement.settle(reference)
        make.work()

        assert gateway.asked == [reference, reference]
        assert [t.id for t in settlement.tickets] == [t.id for t in others[0].tickets]
        assert len(mailer.sent) == 1

    def test_takes_back_the_place_of_an_order_that_expires_meanwhile(
        self, services: Services, make: Factory, gateway: FakeGateway, database: Database
    ) -> None:
        event = make.event(capacity=1)
        opened = make.pay(make.user(), event.id)

        def expire() -> None:
            with database.writing() as work:
                order = work.orders.lock(opened.order.id)
                assert OrderSteps.release(work, order, now=order.expires_at)

        self.overlap(gateway, expire)

        settlement = services.settlement.settle(opened.payment.reference)

        assert settlement.payment.status == PaymentStatus.SUCCEEDED
        assert services.events.get(event.id).places_left == 0

    @pytest.mark.parametrize("asked_about", ["first", "second"])
    def test_keeps_the_answers_of_two_payments_apart(
        self, services: Services, make: Factory, gateway: FakeGateway, asked_about: str
    ) -> None:
        gateway.pays_at_once = False
        event = make.event()
        references = {
            name: make.pay(make.user(), event.id).payment.reference for name in ("first", "second")
        }
        gateway.pay(references[asked_about])

        outcomes = {name: services.settlement.settle(ref) for name, ref in references.items()}

        assert [name for name, found in outcomes.items() if found.tickets] == [asked_about]
