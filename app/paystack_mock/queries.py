"""Reads the query of the lists: paging, periods, filters."""

import base64
import binascii
import math
from datetime import UTC, datetime
from typing import Any

from app.paystack_mock.desks.ledger import MAX_ID, Filter, Page
from app.paystack_mock.values import refusals
from app.paystack_mock.values.bodies import Fields
from app.paystack_mock.values.moments import to_ms
from app.paystack_mock.values.records import CARD, Account
from app.paystack_mock.values.refusals import Refusal

_DEFAULT_PER_PAGE = 50
_LARGEST_PER_PAGE = 1_000
_LATEST_SECONDS = 253_402_300_799  # the end of the year 9999, the last a datetime can hold
_OF_REFERENCE = """"transaction" IN (
    SELECT t.id FROM transactions t WHERE t.account = refunds.account AND t.reference = ?
)"""

Meta = dict[str, Any]


def per_page(query: Fields) -> int:
    """Rows of a page; more than can be had counts as the most that can."""
    value = query.get("perPage", query.get("per_page", _DEFAULT_PER_PAGE))
    return min(_count(value, "perPage"), _LARGEST_PER_PAGE)


def offset_page(query: Fields) -> tuple[Page, int]:
    """Read the page and its number."""
    limit = per_page(query)
    number = _count(query.get("page", 1), "page")
    return Page(limit=limit, skip=min((number - 1) * limit, MAX_ID)), number


def offset_meta(total: int, page: Page, number: int) -> Meta:
    return {
        "total": total,
        "skipped": page.skip,
        "perPage": page.limit,
        "page": number,
        "pageCount": math.ceil(total / page.limit),
    }


def uses_cursor(query: Fields) -> bool:
    return str(query.get("use_cursor", "")).lower() in ("true", "1")


def cursor_page(query: Fields) -> Page:
    """One row more than asked for tells whether there is a further page."""
    limit = per_page(query) + 1
    if query.get("previous"):
        return Page(limit, after_id=_open_cursor(query["previous"]))
    if query.get("next"):
        return Page(limit, before_id=_open_cursor(query["next"]))
    return Page(limit)


def cursor_meta(page: Page, ids: list[int]) -> tuple[Meta, slice]:
    """The meta, and which of the rows (one more was asked for) belong to the page."""
    asked = page.limit - 1
    has_more = len(ids) > asked
    if page.after_id is not None:
        shown = slice(1, None) if has_more else slice(None)
        has_newer, has_older = has_more, True
    else:
        shown = slice(None, asked)
        has_newer, has_older = page.before_id is not None, has_more
    on_page = ids[shown]
    meta: Meta = {
        "next": _close_cursor(on_page[-1]) if on_page and has_older else None,
        "previous": _close_cursor(on_page[0]) if on_page and has_newer else None,
        "perPage": asked,
    }
    return meta, shown


def transactions_wanted(account: Account, query: Fields) -> Filter:
    """Read the filters of the list of transactions; unknown ones are ignored."""
    wanted = _in_period(account, query)
    if query.get("status"):
        wanted.add("status = ?", str(query["status"]))
    if query.get("amount"):
        wanted.add("amount_minor = ?", _count(query["amount"], "amount"))
    customer = query.get("customer", query.get("customer_code"))
    if customer:
        # A CUS_ code finds nothing, as with Paystack: only the numeric id counts.
        wanted.add("customer = ?", find_id(customer) or 0)
    if query.get("channel"):
        wanted.add(
            f"coalesce(json_extract(details, '$.channel'), '{CARD}') = ?", str(query["channel"])
        )
    return wanted


def refunds_wanted(account: Account, query: Fields) -> Filter:
    """Read the filters of the list of refunds; unknown ones are ignored."""
    wanted = _in_period(account, query)
    if query.get("transaction"):
        # A reference finds nothing, as with Paystack: only the numeric id counts.
        wanted.add('"transaction" = ?', find_id(query["transaction"]) or 0)
    if query.get("reference"):
        wanted.add(_OF_REFERENCE, str(query["reference"]))
    if query.get("currency"):
        wanted.add("currency = ?", str(query["currency"]))
    return wanted


def find_id(value: object) -> int | None:
    """Read a numeric id; None for anything else. Ids beyond the largest are none of ours."""
    text = str(value)
    if not (text.isascii() and text.isdigit()):
        return None
    return int(text) if len(text) < len(str(MAX_ID)) else MAX_ID


def _in_period(account: Account, query: Fields) -> Filter:
    wanted = Filter(account)
    if query.get("from"):
        wanted.add("created_at_ms >= ?", _moment_ms(query["from"], "from"))
    if query.get("to"):
        wanted.add("created_at_ms <= ?", _moment_ms(query["to"], "to"))
    return wanted


def _count(value: object, name: str) -> int:
    number = None if isinstance(value, bool) else find_id(value)
    if not number:
        raise Refusal(400, f'"{name}" must be a positive integer')
    return number


def _moment_ms(value: object, name: str) -> int:
    """Read a date, an ISO 8601 moment (UTC when it names no zone), or seconds since 1970."""
    text = str(value)
    seconds = find_id(text)
    if seconds is not None and len(text) > len("20261101"):
        return min(seconds, _LATEST_SECONDS) * 1000
    try:
        moment = datetime.fromisoformat(text)
        return to_ms(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        raise Refusal(400, f'"{name}" must be a date or a timestamp') from None


def _close_cursor(row_id: int) -> str:
    return base64.urlsafe_b64encode(f"id:{row_id}".encode()).decode()


def _open_cursor(cursor: object) -> int:
    try:
        text = base64.urlsafe_b64decode(str(cursor)).decode("ascii")
    except (ValueError, binascii.Error):
        text = ""
    row_id = find_id(text.removeprefix("id:"))
    if row_id is None:
        raise Refusal(400, "Invalid cursor")
    return row_id


def numeric_id(value: str) -> int:
    """Read the id of a path.

    Raises:
        Refusal: it is not numeric.
    """
    number = find_id(value)
    if number is None:
        raise refusals.transaction_id_not_numeric()
    return number
