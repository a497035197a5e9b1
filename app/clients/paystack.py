"""Paystack over HTTP: opens charges, asks what became of them, refunds, checks signatures."""

import hmac
import json
import re
from collections.abc import Mapping
from contextlib import closing
from hashlib import sha512
from typing import Any, Final

import httpx
import structlog

from app.clients.breaker import CallRefused
from app.clients.fence import BudgetSpent, Fence, TimeBudget
from app.clients.paystack_wire import (
    Answer,
    OutOfShape,
    ProviderDown,
    charge_metadata,
    charge_of,
    charge_report_of,
    pause_of,
    read_answer,
    refund_report_of,
)
from app.domain.errors import (
    ChargeRefused,
    PaymentGatewayFenced,
    PaymentGatewayUnavailable,
    RefundRefused,
)
from app.domain.money import Money
from app.domain.ports import Charge, ChargeReport, ChargeStatus, Clock, RefundReport

log = structlog.get_logger(__name__)

PAYSTACK_URL: Final = "https://api.paystack.co"
LARGEST_BODY: Final = 1024 * 1024
"""Bytes of an answer that are read before it is given up."""

SHORTEST_TIMEOUT: Final = 0.001
"""Seconds; a time-out of zero would mean "do not wait" to a socket, which fails oddly."""

REFUNDS_A_PAGE: Final = 50
MOST_REFUND_PAGES: Final = 40

_REFERENCE = re.compile(r"[A-Za-z0-9=_-][A-Za-z0-9.=_-]{0,199}")
"""What may stand in a path. Paystack knows no reference made of other characters."""

_OUTAGES = (httpx.HTTPError, httpx.StreamError, httpx.InvalidURL, ProviderDown, BudgetSpent)


def open_http(
    base_url: str = PAYSTACK_URL,
    *,
    max_in_flight: int,
    transport: httpx.BaseTransport | None = None,
) -> httpx.Client:
    """A client for all threads, with as many connections as the fence lets calls through."""
    return httpx.Client(
        base_url=base_url,
        transport=transport,
        limits=httpx.Limits(max_connections=max_in_flight, max_keepalive_connections=max_in_flight),
        follow_redirects=False,
    )


class PaystackGateway:
    """A ``PaymentGateway``.

    The time budget of the fence is that of each request it sends; only ``refund`` sends several.

    Args:
        http: knows the base URL; shared by all threads.
        fence: stands around every request.
        secret_key: Paystack's; it also signs the webhooks.
        clock: tells how far away a moment is that a rate limit ends at.
    """

    def __init__(self, *, http: httpx.Client, fence: Fence, secret_key: str, clock: Clock) -> None:
        self._http = http
        self._fence = fence
        self._signing_key = secret_key.encode()
        self._clock = clock
        self._base_url = str(http.base_url).rstrip("/")
        self._headers = [
            (b"authorization", f"Bearer {secret_key}".encode()),
            (b"accept", b"application/json"),
            (b"accept-encoding", b"identity"),  # a small packed answer could unpack into a huge one
            (b"content-type", b"application/json"),
            (b"user-agent", b"event-ticketing-system-api"),
        ]

    def start_charge(
        self,
        *,
        reference: str,
        amount: Money,
        email: str,
        callback_url: str,
        cancel_url: str,
        description: str,
    ) -> Charge:
        """Open a charge under our own ``reference``; a reference works only once.

        Raises:
            ChargeRefused: Paystack understood and said no, also to a reference used before.
            PaymentGatewayUnavailable: nothing is known about the outcome.
        """
        answer = self._ask(
            "POST",
            "/transaction/initialize",
            {
                "email": email,
                "amount": amount.minor,
                "currency": amount.currency,
                "reference": reference,
                "callback_url": callback_url,
                "metadata": charge_metadata(cancel_url=cancel_url, description=description),
            },
            reference=reference,
        )
        if answer.is_refusal:
            raise ChargeRefused(reference, answer.message or "no reason was given.")
        try:
            return charge_of(self._done(answer, reference))
        except OutOfShape as error:
            raise self._misunderstood(error, reference) from error

    def find_charge(self, reference: str) -> ChargeReport:
        """What became of a charge; a reference Paystack does not know is ``UNKNOWN``.

        Raises:
            PaymentGatewayUnavailable: nothing is known about the outcome.
        """
        if not _REFERENCE.fullmatch(reference):
            return ChargeReport(status=ChargeStatus.UNKNOWN, reference=reference)
        answer = self._ask("GET", f"/transaction/verify/{reference}", reference=reference)
        if answer.knows_no_reference:
            return ChargeReport(status=ChargeStatus.UNKNOWN, reference=reference)
        try:
            return charge_report_of(self._done(answer, reference), reference=reference)
        except OutOfShape as error:
            raise self._misunderstood(error, reference) from error

    def refund(
        self, *, reference: str, transaction_id: str, amount: Money, note: str
    ) -> RefundReport:
        """Give ``amount`` back, unless Paystack lists a refund with this ``note`` already.

        Raises:
            RefundRefused: Paystack understood and said no.
            PaymentGatewayUnavailable: nothing is known about the outcome.
            ValueError: the transaction id is not Paystack's number; asked about anything else, it
                lists no refunds at all, and a second one would slip through.
        """
        if not (transaction_id.isascii() and transaction_id.isdigit()):
            raise ValueError("transaction_id must be Paystack's number")
        listed = self._listed_refund(reference, transaction_id, note)
        if listed is not None:
            return listed
        body = {
            "transaction": int(transaction_id),
            "amount": amount.minor,
            "currency": amount.currency,
            "merchant_note": note,
        }
        answer = self._ask("POST", "/refund", body, reference=reference)
        if answer.is_refusal:
            raise RefundRefused(reference, answer.message or "no reason was given.")
        try:
            return refund_report_of(self._done(answer, reference).fields)
        except OutOfShape as error:
            raise self._misunderstood(error, reference) from error

    def find_refund(self, refund_id: str) -> RefundReport:
        """How a refund stands.

        Raises:
            PaymentGatewayUnavailable: nothing is known about it.
        """
        if not _REFERENCE.fullmatch(refund_id):
            raise PaymentGatewayUnavailable
        answer = self._ask("GET", f"/refund/{refund_id}")
        try:
            return refund_report_of(self._done(answer, None).fields)
        except OutOfShape as error:
            raise self._misunderstood(error, None) from error

    def is_signed(self, body: bytes, signature: str | None) -> bool:
        """Tell whether ``signature`` is the lower-case hex HMAC-SHA512 of the raw body."""
        if not signature or not signature.isascii():
            return False
        expected = hmac.new(self._signing_key, body, sha512).hexdigest()
        return hmac.compare_digest(expected, signature)

    def _listed_refund(self, reference: str, transaction_id: str, note: str) -> RefundReport | None:
        """The refund with this note, from every page of the transaction's refunds."""
        for page in range(1, MOST_REFUND_PAGES + 1):
            path = f"/refund?transaction={transaction_id}&perPage={REFUNDS_A_PAGE}&page={page}"
            answer = self._ask("GET", path, reference=reference)
            if answer.is_refusal:
                raise RefundRefused(reference, answer.message or "no reason was given.")
            try:
                rows = self._done(answer, reference).rows
                for row in rows:
                    if row.text_or_empty("merchant_note") == note:
                        return refund_report_of(row)
                pages = answer.page_count
            except OutOfShape as error:
                raise self._misunderstood(error, reference) from error
            if not rows or (pages is not None and page >= pages):
                return None
        log.error("paystack_lists_too_many_refunds", reference=reference)
        raise PaymentGatewayUnavailable(reference)

    def _ask(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        reference: str | None = None,
    ) -> Answer:
        """Send one request through the fence.

        Raises:
            PaymentGatewayFenced: nothing was sent.
            PaymentGatewayUnavailable: there is no answer, or one that is not about our question:
                our key is refused, or we ask too often.
        """
        content = None if body is None else json.dumps(body).encode()
        try:
            answer = self._fence.call(lambda budget: self._exchange(method, path, content, budget))
        except CallRefused as refused:
            log.info("paystack_not_called", reference=reference, reason=str(refused))
            raise PaymentGatewayFenced(reference, retry_after=refused.retry_after) from refused
        except (*_OUTAGES, OutOfShape) as error:
            # The type alone: messages may quote the request, and it holds an e-mail address.
            log.warning("paystack_failed", reference=reference, error=type(error).__name__)
            raise PaymentGatewayUnavailable(reference) from error
        if answer.status_code in (401, 403):
            log.error("paystack_refuses_our_key", reference=reference, status=answer.status_code)
            raise PaymentGatewayUnavailable(reference)
        if answer.status_code == 429:
            pause = pause_of(answer, now=self._clock.now())
            log.warning("paystack_rate_limited", reference=reference, pause=pause.total_seconds())
            raise PaymentGatewayUnavailable(reference, retry_after=pause)
        return answer

    def _exchange(
        self, method: str, path: str, content: bytes | None, budget: TimeBudget
    ) -> Answer:
        """Runs in a thread of the fence; what it raises, the breaker counts."""
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
                response.headers.get("x-ratelimit-reset"),
            )

    def _done(self, answer: Answer, reference: str | None) -> Answer:
        if not answer.is_done:
            log.warning("paystack_call_not_done", reference=reference, status=answer.status_code)
            raise PaymentGatewayUnavailable(reference)
        return answer

    def _misunderstood(self, error: OutOfShape, reference: str | None) -> PaymentGatewayUnavailable:
        log.error("paystack_answer_out_of_shape", reference=reference, reason=str(error))
        return PaymentGatewayUnavailable(reference)


def _read_body(response: httpx.Response, budget: TimeBudget) -> bytes:
    """The whole body, unless it is too long or drips in for longer than the budget.

    Raises:
        BudgetSpent: it came too slowly. Nobody waits any more: this closes the connection.
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
            raise BudgetSpent("the body came too slowly")
    return bytes(body)
