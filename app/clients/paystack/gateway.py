"""Paystack over HTTP: opens charges, asks what became of them, refunds, checks signatures."""

import hmac
import re
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from hashlib import sha512
from typing import Final
from urllib.parse import urlencode

import httpx
import structlog

from app.clients.paystack.answers import OutOfShape
from app.clients.paystack.bulkhead import Bulkhead
from app.clients.paystack.calls import PaystackCalls, ensure_done, misunderstood
from app.clients.paystack.wire import (
    charge_metadata,
    charge_of,
    charge_report_of,
    listed_charges_of,
    refund_report_of,
)
from app.domain.errors import ChargeRefused, PaymentGatewayUnavailable, RefundRefused
from app.domain.money import Money
from app.domain.ports import (
    Charge,
    ChargeReport,
    ChargeStatus,
    Clock,
    RefundReport,
    UnreadableCharge,
)

log = structlog.get_logger(__name__)

PAYSTACK_URL: Final = "https://api.paystack.co"
REFUNDS_A_PAGE: Final = 50
MOST_REFUND_PAGES: Final = 40
CHARGES_A_PAGE: Final = 100
MOST_CHARGE_PAGES: Final = 20_000
"""Two million charges; a list that is longer has lost its end."""

MOST_STALE_PAGES: Final = 3
"""Pages in a row with nothing new that end a list, if it says how many pages it has.

New charges push those of a whole page to the next, so that a later page has new ones.
"""

_REFERENCE = re.compile(r"[A-Za-z0-9=_-][A-Za-z0-9.=_-]{0,199}")
"""What may stand in a path. Paystack knows no reference made of other characters."""


def open_http(
    base_url: str = PAYSTACK_URL,
    *,
    max_in_flight: int,
    by_proxy: bool = True,
    transport: httpx.BaseTransport | None = None,
) -> httpx.Client:
    """A client for all threads, with as many connections as the bulkhead lets calls through.

    ``by_proxy``: through the proxy that the machine's environment names, if any.
    """
    return httpx.Client(
        base_url=base_url,
        transport=transport,
        trust_env=by_proxy,
        limits=httpx.Limits(max_connections=max_in_flight, max_keepalive_connections=max_in_flight),
        follow_redirects=False,
    )


class PaystackGateway:
    """A ``PaymentGateway``.

    The time budget of the bulkhead is that of each request it sends; lists need several.

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
        self._calls = PaystackCalls(
            http=http, bulkhead=bulkhead, secret_key=secret_key, clock=clock, wait=wait
        )
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
    ) -> Charge:
        """Open a charge under our own ``reference``; a reference works only once.

        Raises:
            ChargeRefused: Paystack understood and said no, also to a reference used before.
            PaymentGatewayUnavailable: nothing is known about the outcome.
        """
        answer = self._calls.ask(
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
            return charge_of(ensure_done(answer, reference))
        except OutOfShape as error:
            raise misunderstood(error, reference) from error

    def find_charge(self, reference: str, *, patient: bool = False) -> ChargeReport:
        """What became of a charge; a reference Paystack does not know is ``UNKNOWN``.

        ``patient``: wait while a rate limit lasts, minutes if need be.

        Raises:
            PaymentGatewayUnavailable: nothing is known about the outcome.
        """
        if not _REFERENCE.fullmatch(reference):
            return ChargeReport(status=ChargeStatus.UNKNOWN, reference=reference)
        answer = self._calls.ask(
            "GET", f"/transaction/verify/{reference}", reference=reference, patient=patient
        )
        if answer.knows_no_reference:
            return ChargeReport(status=ChargeStatus.UNKNOWN, reference=reference)
        try:
            return charge_report_of(ensure_done(answer, reference), reference=reference)
        except OutOfShape as error:
            raise misunderstood(error, reference) from error

    def list_charges(self, *, since: datetime | None) -> Iterator[ChargeReport | UnreadableCharge]:
        """Every charge opened ``since`` then, or ever, each once, the newest first.

        Each page is asked for when it is needed, with a budget of its own, and a rate limit is
        waited for. Charges opened during the reading push others to the next page, where they are
        recognized. The list ends with its last page, or with pages that hold nothing new.

        Raises:
            PaymentGatewayUnavailable: the list was not read to its end.
        """
        seen: set[str] = set()
        stale_pages = 0
        for page in range(1, MOST_CHARGE_PAGES + 1):
            query = {"perPage": str(CHARGES_A_PAGE), "page": str(page)}
            if since is not None:
                query["from"] = since.astimezone(UTC).isoformat(timespec="milliseconds")
            answer = self._calls.ask("GET", f"/transaction?{urlencode(query)}", patient=True)
            try:
                reports = listed_charges_of(ensure_done(answer, None))
            except OutOfShape as error:
                raise misunderstood(error, None) from error
            known = len(seen)
            for report in reports:
                if not report.reference or report.reference not in seen:
                    seen.add(report.reference)
                    yield report
            stale_pages = 0 if len(seen) > known else stale_pages + 1
            pages = answer.page_count
            if not reports or stale_pages >= (1 if pages is None else MOST_STALE_PAGES):
                return
            if pages is not None and page >= pages:
                return
        log.error("paystack_lists_too_many_charges", since=since)
        raise PaymentGatewayUnavailable

    def list_refunds(self, *, reference: str, transaction_id: str) -> list[RefundReport]:
        """Every refund of a charge that Paystack has in its books, each once.

        A list that goes on with nothing new has ended, unless more must be in it: then it was not
        read to its end, and a refund that is not seen could be made twice.

        Raises:
            RefundRefused: Paystack understood and said no.
            PaymentGatewayUnavailable: the list was not read to its end.
            ValueError: the transaction id is not Paystack's number.
        """
        _ensure_number(transaction_id)
        found: dict[str, RefundReport] = {}
        stale_pages = 0
        for page in range(1, MOST_REFUND_PAGES + 1):
            path = f"/refund?transaction={transaction_id}&perPage={REFUNDS_A_PAGE}&page={page}"
            answer = self._calls.ask("GET", path, reference=reference)
            if answer.is_refusal:
                raise RefundRefused(reference, answer.message or "no reason was given.")
            try:
                rows = ensure_done(answer, reference).rows
                reports = [refund_report_of(row) for row in rows]
                pages = answer.page_count
            except OutOfShape as error:
                raise misunderstood(error, reference) from error
            known = len(found)
            found |= {report.id: report for report in reports}
            if not rows or (pages is not None and page >= pages):
                return list(found.values())
            stale_pages = 0 if len(found) > known else stale_pages + 1
            if stale_pages >= (1 if pages is None else MOST_STALE_PAGES):
                if pages is None and len(rows) < REFUNDS_A_PAGE:
                    return list(found.values())
                break
        log.error("paystack_lists_too_many_refunds", reference=reference)
        raise PaymentGatewayUnavailable(reference)

    def refund(
        self, *, reference: str, transaction_id: str, amount: Money, note: str
    ) -> RefundReport:
        """Give ``amount`` back. Paystack does so again for each call, whatever the note.

        Raises:
            RefundRefused: Paystack understood and said no.
            PaymentGatewayUnavailable: nothing is known about the outcome.
            ValueError: the transaction id is not Paystack's number.
        """
        _ensure_number(transaction_id)
        body = {
            "transaction": int(transaction_id),
            "amount": amount.minor,
            "currency": amount.currency,
            "merchant_note": note,
        }
        answer = self._calls.ask("POST", "/refund", body, reference=reference)
        if answer.is_refusal:
            raise RefundRefused(reference, answer.message or "no reason was given.")
        try:
            return refund_report_of(ensure_done(answer, reference).fields)
        except OutOfShape as error:
            raise misunderstood(error, reference) from error

    def find_refund(self, refund_id: str) -> RefundReport:
        """How a refund stands.

        Raises:
            PaymentGatewayUnavailable: nothing is known about it.
        """
        if not _REFERENCE.fullmatch(refund_id):
            raise PaymentGatewayUnavailable
        answer = self._calls.ask("GET", f"/refund/{refund_id}")
        try:
            return refund_report_of(ensure_done(answer, None).fields)
        except OutOfShape as error:
            raise misunderstood(error, None) from error

    def is_signed(self, body: bytes, signature: str | None) -> bool:
        """Tell whether ``signature`` is the lower-case hex HMAC-SHA512 of the raw body."""
        if not signature or not signature.isascii():
            return False
        expected = hmac.new(self._signing_key, body, sha512).hexdigest()
        return hmac.compare_digest(expected, signature)


def _ensure_number(transaction_id: str) -> None:
    # Asked about anything else, Paystack lists no refunds, and a second one would slip through.
    if not (transaction_id.isascii() and transaction_id.isdigit()):
        raise ValueError("transaction_id must be Paystack's number")
