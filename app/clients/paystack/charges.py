"""Charges at Paystack; each call goes through the bulkhead, and puts no secret in the logs."""

import hmac
import json
import re
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from hashlib import sha512
from typing import Any, Final, TypeVar

import httpx
import structlog

from app.clients.paystack.answers import (
    Answer,
    OutOfShape,
    ProviderDown,
    charge_report_of,
    pause_of,
    read_answer,
)
from app.clients.paystack.bulkhead import Bulkhead, CallRefused, DeadlinePassed, TimeBudget
from app.domain.errors import ChargeRefused, PaymentGatewayFenced, PaymentGatewayUnavailable
from app.domain.money import Money
from app.domain.ports import ChargeReport, ChargeStatus, Clock

log = structlog.get_logger(__name__)

T = TypeVar("T")

LARGEST_BODY: Final = 4 * 1024 * 1024
"""Bytes of an answer that are read before it is given up: a hundred rows of a list, 40 KiB each."""

MOST_PAUSES: Final = 10
"""How often a patient call waits for a rate limit to end."""

SHORTEST_TIMEOUT: Final = 0.001
"""Seconds; a time-out of zero would mean "do not wait" to a socket, which fails oddly."""

_OUTAGES = (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL, ProviderDown, DeadlinePassed)

REFERENCE: Final = re.compile(r"[A-Za-z0-9=_-][A-Za-z0-9.=_-]{0,199}")
"""What may stand in a path. Paystack knows no reference made of other characters."""


class PaystackCharges:
    """Opens charges, asks what became of them, and knows Paystack's signature.

    The time budget of the bulkhead is that of each request it sends.

    Args:
        http: knows the base URL; shared by all threads.
        bulkhead: stands around every request.
        secret_key: Paystack's; it also signs the webhooks.
        clock: tells how far away a moment is that a rate limit ends at.
        wait: sleeps so many seconds; only lists and patient calls do.
    """

    def __init__(
        self,
        *,
        http: httpx.Client,
        bulkhead: Bulkhead,
        secret_key: str,
        clock: Clock,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self._http = http
        self._wait = wait
        self._bulkhead = bulkhead
        self._clock = clock
        self._base_url = str(http.base_url).rstrip("/")
        self._headers = [
            (b"authorization", f"Bearer {secret_key}".encode()),
            (b"accept", b"application/json"),
            (b"accept-encoding", b"identity"),  # a small packed answer could unpack into a huge one
            (b"content-type", b"application/json"),
            (b"user-agent", b"event-ticketing-system-api"),
        ]
        self._signing_key = secret_key.encode()

    def start_charge(
        self,
        *,
        reference: str,
        amount: Money,
        email: str,
        callback_url: str,
        cancel_url: str,
        description: str,
    ) -> str:
        # What our dashboard at Paystack shows.
        shown = {"display_name": "Order", "variable_name": "order", "value": description}
        answer = self._ask(
            "POST",
            "/transaction/initialize",
            {
                "email": email,
                "amount": amount.minor,
                "currency": amount.currency,
                "reference": reference,
                "callback_url": callback_url,
                "metadata": {"cancel_action": cancel_url, "custom_fields": [shown]},
            },
            reference=reference,
        )
        if answer.is_refusal:
            raise ChargeRefused(reference, answer.message or "no reason was given.")
        return understood(answer, lambda done: done.fields.text("authorization_url"), reference)

    def find_charge(self, reference: str, *, patient: bool = False) -> ChargeReport:
        if not REFERENCE.fullmatch(reference):
            return ChargeReport(status=ChargeStatus.UNKNOWN, reference=reference)
        answer = self._ask(
            "GET", f"/transaction/verify/{reference}", reference=reference, patient=patient
        )
        if answer.knows_no_reference:
            return ChargeReport(status=ChargeStatus.UNKNOWN, reference=reference)
        report = understood(answer, lambda done: charge_report_of(done.fields), reference)
        if report.reference != reference:
            raise _misunderstood("it is about another reference", reference)
        return report

    def is_signed(self, body: bytes, signature: str | None) -> bool:
        if not signature or not signature.isascii():
            return False
        expected = hmac.new(self._signing_key, body, sha512).hexdigest()
        return hmac.compare_digest(expected, signature)

    def _ask(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        reference: str | None = None,
        patient: bool = False,
    ) -> Answer:
        """Send one request through the bulkhead; if ``patient``, again after a rate limit's pause.

        Raises:
            PaymentGatewayFenced: nothing was sent.
            PaymentGatewayUnavailable: there is no answer, or one that is not about our question:
                our key is refused, or we ask too often.
        """
        content = None if body is None else json.dumps(body).encode()
        pauses_left = MOST_PAUSES if patient else 0
        while True:
            answer = self._send(method, path, content, reference)
            if answer.status_code != 429:
                break
            pause = pause_of(answer, now=self._clock.now())
            log.warning("paystack_rate_limited", reference=reference, pause=pause.total_seconds())
            if not pauses_left:
                raise PaymentGatewayUnavailable(reference, retry_after=pause)
            pauses_left -= 1
            self._wait(pause.total_seconds())
        if answer.status_code in (401, 403):
            log.error("paystack_refuses_our_key", reference=reference, status=answer.status_code)
            raise PaymentGatewayUnavailable(reference)
        return answer

    def _send(self, method: str, path: str, content: bytes | None, reference: str | None) -> Answer:
        try:
            return self._bulkhead.call(lambda budget: self._exchange(method, path, content, budget))
        except CallRefused as refused:
            log.info("paystack_not_called", reference=reference, reason=str(refused))
            raise PaymentGatewayFenced(reference, retry_after=refused.retry_after) from refused
        except (*_OUTAGES, OutOfShape) as error:
            # The type alone: messages may quote the request, and it holds an e-mail address.
            log.warning("paystack_failed", reference=reference, error=type(error).__name__)
            raise PaymentGatewayUnavailable(reference) from error

    def _exchange(
        self, method: str, path: str, content: bytes | None, budget: TimeBudget
    ) -> Answer:
        """Runs in a thread of its own; what it raises, the breaker counts."""
        left = max(budget.left(), SHORTEST_TIMEOUT)
        # Made directly: httpx's build_request() merges URLs and headers at twice the price.
        request = httpx.Request(
            method,
            self._base_url + path,
            content=content,
            headers=self._headers,
            extensions={"timeout": {"connect": left, "read": left, "write": left, "pool": left}},
        )
        with closing(self._http.send(request, stream=True)) as response:
            return read_answer(
                response.status_code,
                _read_body(response, budget),
                response.headers.get("retry-after") or response.headers.get("x-ratelimit-reset"),
            )


def understood(answer: Answer, read: Callable[[Answer], T], reference: str | None = None) -> T:
    """What ``read`` finds in the answer to a call that did what it was to do.

    Raises:
        PaymentGatewayUnavailable: it did not and the answer does not say why, or the answer is not
            what Paystack documents.
    """
    if not answer.is_done:
        log.warning("paystack_call_not_done", reference=reference, status=answer.status_code)
        raise PaymentGatewayUnavailable(reference)
    try:
        return read(answer)
    except OutOfShape as error:
        raise _misunderstood(str(error), reference) from error


def _misunderstood(reason: str, reference: str | None) -> PaymentGatewayUnavailable:
    log.error("paystack_answer_out_of_shape", reference=reference, reason=reason)
    return PaymentGatewayUnavailable(reference)


def _read_body(response: httpx.Response, budget: TimeBudget) -> bytes:
    """The whole body, unless it is too long or drips in for longer than the budget.

    Raises:
        DeadlinePassed: it came too slowly. The caller has gone; the connection is closed.
        OutOfShape: it is longer than ``LARGEST_BODY`` or packed.
    """
    if response.headers.get("content-encoding", "identity") != "identity":
        raise OutOfShape("the body is packed")
    body = bytearray()
    for chunk in response.iter_raw():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise OutOfShape("the body is too long")
        if not budget.left():
            raise DeadlinePassed("the body came too slowly")
    return bytes(body)
