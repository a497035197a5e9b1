"""The process dies at the worst moments: nothing is lost, nothing happens twice."""

import json
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import httpx
import pytest

from app.domain.operations.faults import FaultPoint
from app.paystack_mock.desks.courier import sign
from tests.crashes.stage import PAYSTACK_KEY, TAKEOVER, Stage, breaks
from tests.steps.waiting import eventually
from tests.support.people import Headers

pytestmark = pytest.mark.slow

ORDERS = "SELECT count(*) FROM orders"
TICKETS = "SELECT count(*) FROM tickets"
HELD = "SELECT sum(held) FROM ticket_types"
PAYMENTS = "SELECT count(*) FROM payments WHERE status = 'succeeded'"
MAILS = "SELECT count(*) FROM outbox_messages WHERE kind = 'tickets-issued' AND status = 'sent'"
REFUNDED = "SELECT count(*) FROM refunds WHERE state = 'processed'"


def post(
    http: httpx.Client, path: str, who: Headers, *, key: str = "once", body: Any = None
) -> httpx.Response:
    """Call under an idempotency key."""
    headers = {**who, "Idempotency-Key": key}
    if body is None:
        return http.post(path, headers=headers)
    return http.post(path, json=body, headers=headers)


def dies(stage: Stage, point: FaultPoint, call: Callable[[httpx.Client], object]) -> None:
    """Make the call to a server that dies at the point."""
    with stage.doomed(point) as server, server.client() as http:
        breaks(partial(call, http))


def bought(stage: Stage, who: Headers, organizer: Headers | None = None) -> dict[str, Any]:
    """A ticket that was bought in peace."""
    order_request = {"event_id": stage.event(organizer, refund_hours=24)}
    payment = post(stage.http, "/payments/pay", who, body=order_request).json()
    verified = stage.http.post(f"/payments/verify/{payment['reference']}", headers=who)
    assert verified.status_code == 200, verified.text
    return {**payment, **verified.json()}


def ensure_sold_once(stage: Stage) -> None:
    """One order, one payment, one ticket, one mail, and everything adds up."""
    stage.time_passes()
    stage.sweep()
    assert stage.number(ORDERS) == 1
    assert stage.number(PAYMENTS) == 1
    assert stage.number(TICKETS) == 1
    assert stage.number(MAILS) == 1
    assert len(list((stage.folder / "var" / "mail").glob("*.eml"))) == 1
    assert stage.violations() == []


class TestPlaceOrder:
    @pytest.mark.parametrize("point", [FaultPoint.HOLD_WRITTEN, FaultPoint.ANSWER_KEPT])
    def test_survives(self, stage: Stage, point: FaultPoint) -> None:
        ada, order_request = stage.person(), {"event_id": stage.event(capacity=1)}

        dies(stage, point, lambda http: post(http, "/orders/", ada, body=order_request))
        stage.sweep()
        assert stage.violations() == []
        again = post(stage.http, "/orders/", ada, body=order_request)

        assert again.status_code == 201, again.text
        assert ("idempotent-replayed" in again.headers) == (point == FaultPoint.ANSWER_KEPT)
        assert stage.number(ORDERS) == 1
        assert stage.number(HELD) == 1
        assert stage.violations() == []


class TestPay:
    @pytest.mark.parametrize(
        "point",
        [
            FaultPoint.KEY_CLAIMED,
            FaultPoint.CHARGE_UNSENT,
            FaultPoint.CHARGE_UNSTORED,
            FaultPoint.CHARGE_STORED,
        ],
    )
    def test_survives(self, stage: Stage, point: FaultPoint) -> None:
        ada, order_request = stage.person(), {"event_id": stage.event(capacity=1)}

        dies(stage, point, lambda http: post(http, "/payments/pay", ada, body=order_request))
        stage.sweep()
        time.sleep(TAKEOVER.total_seconds())
        again = post(stage.http, "/payments/pay", ada, body=order_request)

        assert again.status_code == 200, again.text
        reference = again.json()["reference"]
        verified = stage.http.post(f"/payments/verify/{reference}", headers=ada)
        assert verified.status_code == 200, verified.text
        replay = post(stage.http, "/payments/pay", ada, body=order_request)
        assert replay.content == again.content
        ensure_sold_once(stage)


class TestWebhook:
    @pytest.mark.parametrize("point", [FaultPoint.WEBHOOK_WRITTEN, FaultPoint.WEBHOOK_KEPT])
    def test_survives(self, stage: Stage, point: FaultPoint) -> None:
        ada, order_request = stage.person(), {"event_id": stage.event()}
        payment = post(stage.http, "/payments/pay", ada, body=order_request).json()
        about = {"reference": payment["reference"], "status": "success"}
        body = json.dumps({"event": "charge.success", "data": about}).encode()
        signed = {
            "content-type": "application/json",
            "x-paystack-signature": sign(PAYSTACK_KEY, body),
        }

        def deliver(http: httpx.Client) -> httpx.Response:
            return http.post("/payments/webhook", content=body, headers=signed)

        dies(stage, point, deliver)
        again = deliver(stage.http)
        stage.sweep()

        assert again.status_code == 200
        assert again.json()["is_new"] == (point == FaultPoint.WEBHOOK_WRITTEN)
        ensure_sold_once(stage)

    def test_is_acted_on_if_it_never_comes_again(self, stage: Stage) -> None:
        ada, order_request = stage.person(), {"event_id": stage.event()}
        post(stage.http, "/payments/pay", ada, body=order_request)

        with stage.doomed(FaultPoint.SALE_SETTLED, works=True):
            stage.time_passes()  # so that the worker asks about the payment by itself

        ensure_sold_once(stage)


class TestVerify:
    @pytest.mark.parametrize("point", [FaultPoint.TICKETS_WRITTEN, FaultPoint.SALE_SETTLED])
    def test_survives(self, stage: Stage, point: FaultPoint) -> None:
        ada, order_request = stage.person(), {"event_id": stage.event()}
        payment = post(stage.http, "/payments/pay", ada, body=order_request).json()
        verify = f"/payments/verify/{payment['reference']}"

        dies(stage, point, lambda http: post(http, verify, ada))
        stage.sweep()
        time.sleep(TAKEOVER.total_seconds())
        again = post(stage.http, verify, ada)

        assert again.status_code == 200, again.text
        ensure_sold_once(stage)


class TestWorker:
    def test_sends_a_mail_again_under_its_own_name(self, stage: Stage) -> None:
        bought(stage, stage.person())

        with stage.doomed(FaultPoint.MAIL_SENT, works=True):
            pass

        ensure_sold_once(stage)

    @pytest.mark.parametrize("keeps_tickets", [False, True])
    def test_pays_a_refund_back_once(self, stage: Stage, keeps_tickets: bool) -> None:
        """Of tickets, by their buyer; or of half the money alone, by who sold them."""
        organizer, ada = stage.person(), stage.person()
        sale = bought(stage, ada, organizer)
        path, who = f"/orders/{sale['order_id']}/refunds", ada
        body: dict[str, Any] = {"reason": "rain"}
        amount = dict(sale["amount"])
        if keeps_tickets:
            amount["amount"] //= 2
            path, who, body = f"{path}/money", organizer, {**body, "amount": amount}
        given_back = post(stage.http, path, who, body=body)
        assert given_back.status_code == 201, given_back.text

        with stage.doomed(FaultPoint.REFUND_UNSTORED, works=True):
            pass

        def is_done() -> bool:
            stage.time_passes()
            stage.sweep()
            return stage.number(REFUNDED) == 1

        assert eventually(is_done)
        charge = next(c for c in stage.charges() if c["reference"] == sale["reference"])
        listed = stage.provider.get("/refund", params={"transaction": charge["id"]}).json()["data"]
        assert [refund["amount"] for refund in listed] == [amount["amount"]]
        again = post(stage.http, path, who, body=body)
        assert again.content == given_back.content
        assert stage.violations() == []

    def test_puts_places_back_once(self, stage: Stage) -> None:
        ada, order_request = stage.person(), {"event_id": stage.event(capacity=1)}
        post(stage.http, "/orders/", ada, body=order_request)
        stage.holds_end()

        with stage.doomed(FaultPoint.HOLD_RELEASED, works=True):
            pass
        assert stage.number(HELD) == 1
        stage.sweep()

        assert stage.number(HELD) == 0
        assert stage.violations() == []
        assert (
            post(stage.http, "/orders/", ada, key="another", body=order_request).status_code == 201
        )


class TestFaultPoint:
    def test_kills_nobody_unless_it_is_armed(self, stage: Stage) -> None:
        bought(stage, stage.person())

        ensure_sold_once(stage)
