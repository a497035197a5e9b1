"""Paystack over HTTP: lists of charges, and refunds, beside what ``charges.py`` does."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlencode

import httpx
import structlog

from app.clients.paystack.answers import Fields, OutOfShape, charge_report_of, text_or_empty
from app.clients.paystack.charges import REFERENCE, PaystackCharges, understood
from app.domain.errors import PaymentGatewayUnavailable, RefundRefused, RefundsTooMany
from app.domain.money import Money
from app.domain.ports import ChargeReport, RefundReport, RefundStatus, UnreadableCharge

log = structlog.get_logger(__name__)

PAYSTACK_URL: Final = "https://api.paystack.co"
REFUNDS_A_PAGE: Final = 100
MOST_REFUND_PAGES: Final = 200
"""Refunds of one payment in parts as small as this many are no trade any more."""
CHARGES_A_PAGE: Final = 100
MOST_CHARGE_PAGES: Final = 20_000
"""Two million charges; a list that is longer has lost its end."""

MOST_STALE_PAGES: Final = 3
"""Pages in a row with nothing new that end a list, if it says how many pages it has.

New charges push those of a whole page to the next, so that a later page has new ones.
"""


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


class PaystackGateway(PaystackCharges):
    """A ``PaymentGateway``: charges, and beside them lists and refunds.

    The time budget is that of each request; lists need several.
    """

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
            answer = self._ask("GET", f"/transaction?{urlencode(query)}", patient=True)
            rows = understood(answer, lambda done: done.unread_rows)
            reports = [_listed_charge(row) for row in rows]
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
        read to its end, and a refund that is not seen could be made twice. Behind the first page a
        rate limit is waited for.

        Raises:
            RefundRefused: Paystack understood and said no.
            RefundsTooMany: the list goes on behind the last page that is asked for.
            PaymentGatewayUnavailable: the list was not read to its end.
            ValueError: the transaction id is not Paystack's number.
        """
        _ensure_number(transaction_id)
        found: dict[str, RefundReport] = {}
        stale_pages = 0
        for page in range(1, MOST_REFUND_PAGES + 1):
            path = f"/refund?transaction={transaction_id}&perPage={REFUNDS_A_PAGE}&page={page}"
            answer = self._ask("GET", path, reference=reference, patient=page > 1)
            if answer.is_refusal:
                raise RefundRefused(reference, answer.message or "no reason was given.")
            reports = understood(
                answer, lambda done: [_refund_of(row) for row in done.rows], reference
            )
            pages = answer.page_count
            known = len(found)
            found |= {report.id: report for report in reports}
            if not reports or (pages is not None and page >= pages):
                return list(found.values())
            stale_pages = 0 if len(found) > known else stale_pages + 1
            if stale_pages >= (1 if pages is None else MOST_STALE_PAGES):
                if pages is None and len(reports) < REFUNDS_A_PAGE:
                    return list(found.values())
                log.error("paystack_lists_refunds_again", reference=reference)
                raise PaymentGatewayUnavailable(reference)
        log.error("paystack_lists_too_many_refunds", reference=reference)
        raise RefundsTooMany(reference, MOST_REFUND_PAGES * REFUNDS_A_PAGE)

    def refund(
        self, *, reference: str, transaction_id: str, amount: Money, note: str
    ) -> RefundReport:
        _ensure_number(transaction_id)
        body = {
            "transaction": int(transaction_id),
            "amount": amount.minor,
            "currency": amount.currency,
            "merchant_note": note,
        }
        answer = self._ask("POST", "/refund", body, reference=reference)
        if answer.is_refusal:
            raise RefundRefused(reference, answer.message or "no reason was given.")
        return understood(answer, lambda done: _refund_of(done.fields), reference)

    def find_refund(self, refund_id: str) -> RefundReport:
        if not REFERENCE.fullmatch(refund_id):
            raise PaymentGatewayUnavailable
        answer = self._ask("GET", f"/refund/{refund_id}")
        return understood(answer, lambda done: _refund_of(done.fields))


def _ensure_number(transaction_id: str) -> None:
    # Asked about anything else, Paystack lists no refunds, and a second one would slip through.
    if not (transaction_id.isascii() and transaction_id.isdigit()):
        raise ValueError("transaction_id must be Paystack's number")


def _listed_charge(row: object) -> ChargeReport | UnreadableCharge:
    try:
        return charge_report_of(Fields(row))
    except OutOfShape as error:
        reference = text_or_empty(row, "reference") if isinstance(row, dict) else ""
        return UnreadableCharge(reference=reference, why=str(error))


def _refund_of(fields: Fields) -> RefundReport:
    return RefundReport(
        id=fields.number_as_text("id"),
        status=_refund_status(fields.text("status")),
        amount=fields.money(),
        note=fields.text_or_empty("merchant_note"),
    )


def _refund_status(text: str) -> RefundStatus:
    try:
        return RefundStatus(text)
    except ValueError:
        return RefundStatus.PENDING  # a status we do not know yet: ask again
