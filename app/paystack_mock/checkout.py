"""The hosted checkout page: card, the steps a card asks for, success, cancel."""

import re
from pathlib import Path
from urllib.parse import urlencode, urlsplit, urlunsplit

from jinja2 import Environment, FileSystemLoader
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from app.paystack_mock.desks.cashier import CardEntry, Cashier, Taken, asked_step, is_over
from app.paystack_mock.desks.charge_requests import is_web_address
from app.paystack_mock.desks.courier import Courier
from app.paystack_mock.values.bodies import Fields, read_fields
from app.paystack_mock.values.cards import CARDS, Step
from app.paystack_mock.values.magic import BEHAVIOURS
from app.paystack_mock.values.moments import Clock
from app.paystack_mock.values.records import Transaction

_EXPIRY = re.compile(r"(0?[1-9]|1[0-2])\s*/\s*((?:20)?[0-9]{2})")
_QUESTIONS = {
    Step.PIN: "Enter your card PIN",
    Step.PHONE: "Enter the phone number of your bank account",
    Step.OTP: "Enter the one-time code sent to your phone",
    Step.BANK: "Your bank asks: is this payment yours?",
}
_SESSION_OVER = "Transaction cannot be completed. Session timeout exceeded."
_HEADERS = {
    "content-security-policy": (
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "referrer-policy": "same-origin",
    "cache-control": "no-store",
}


class Checkout:
    """Forms post to their own address, so the pages work wherever they are mounted."""

    def __init__(self, cashier: Cashier, courier: Courier, clock: Clock) -> None:
        self._cashier = cashier
        self._courier = courier
        self._clock = clock
        templates = Path(__file__).parent / "templates"
        self._pages = Environment(loader=FileSystemLoader(templates), autoescape=True)

    def routes(self) -> list[Route]:
        """The page with and without a trailing slash."""
        paths = ("/checkout/{access_code}", "/checkout/{access_code}/")
        return [Route(path, self._visit, methods=["GET", "POST"]) for path in paths]

    async def _visit(self, request: Request) -> Response:
        return await (self._take(request) if request.method == "POST" else self._show(request))

    async def _show(self, request: Request) -> Response:
        transaction = self._cashier.find(request.path_params["access_code"])
        return self._no_such_checkout() if transaction is None else self._page_of(transaction)

    async def _take(self, request: Request) -> Response:
        access_code = request.path_params["access_code"]
        transaction = self._cashier.find(access_code)
        if transaction is None:
            return self._no_such_checkout()
        fields = await read_fields(request)
        action = fields.get("action")
        if action == "cancel" and not transaction.is_paid:
            return self._leave(transaction)
        if action == "answer":
            answer = _text(fields, "answer")
            return await self._after(
                request, self._cashier.answer(access_code, _text(fields, "step"), answer)
            )
        entry = self._read_card(fields)
        if entry is None and not is_over(transaction):
            problem = "Enter an expiry date in the future, as MM/YY."
            return self._page("card.html", transaction, problem=problem, status_code=422)
        taken = self._cashier.try_card(access_code, entry) if entry else Taken(transaction)
        return await self._after(request, taken)

    async def _after(self, request: Request, taken: Taken | None) -> Response:
        """Send the customer on: to the shop once paid, else back to the page."""
        if taken is None:
            return self._no_such_checkout()
        if taken.deliver_first is not None:
            await run_in_threadpool(self._courier.deliver_one, taken.deliver_first)
        way_back = way_back_to_shop(taken.transaction) if taken.transaction.is_paid else None
        root_path = request.scope.get("root_path", "")
        here = f"{root_path}/checkout/{taken.transaction.access_code}"
        return RedirectResponse(way_back or here, status_code=303, headers=_HEADERS)

    def _page_of(self, transaction: Transaction) -> Response:
        if transaction.is_paid:
            return self._page("paid.html", transaction, way_back=way_back_to_shop(transaction))
        if transaction.is_on_its_way:
            return self._page("waiting.html", transaction)
        if is_over(transaction):
            return self._page("closed.html", transaction, message=_SESSION_OVER)
        step = asked_step(transaction)
        if step is not None:
            return self._page("step.html", transaction, step=step, question=_QUESTIONS[step])
        declined = transaction.status == "failed"
        problem = transaction.details.gateway_response if declined else ""
        return self._page("card.html", transaction, problem=problem)

    def _leave(self, transaction: Transaction) -> Response:
        metadata = transaction.details.metadata
        address = metadata.get("cancel_action") if isinstance(metadata, dict) else None
        if is_web_address(address):
            return RedirectResponse(str(address), status_code=303, headers=_HEADERS)
        message = "Payment cancelled. You can close this page."
        return self._page("closed.html", transaction, message=message)

    def _read_card(self, fields: Fields) -> CardEntry | None:
        """Read the card form; None when the expiry is no month to come."""
        match = _EXPIRY.fullmatch(_text(fields, "expiry"))
        if match is None:
            return None
        month, year = int(match[1]), 2000 + int(match[2]) % 100
        now = self._clock()
        if (year, month) < (now.year, now.month):
            return None
        return CardEntry(_text(fields, "number"), _text(fields, "cvv"), f"{month:02d}", str(year))

    def _page(
        self, template: str, transaction: Transaction, *, status_code: int = 200, **words: object
    ) -> Response:
        html = self._pages.get_template(template).render(
            email=transaction.customer.email,
            reference=transaction.reference,
            amount=_money(transaction),
            cards=CARDS,
            behaviours=BEHAVIOURS,
            **words,
        )
        return HTMLResponse(html, status_code=status_code, headers=_HEADERS)

    def _no_such_checkout(self) -> Response:
        html = self._pages.get_template("closed.html").render(message="There is no such checkout.")
        return HTMLResponse(html, status_code=404, headers=_HEADERS)


def way_back_to_shop(transaction: Transaction) -> str | None:
    """The callback address with the reference in its query, twice, as Paystack sends it."""
    if transaction.details.callback_url is None:
        return None
    parts = urlsplit(transaction.details.callback_url)
    reference = transaction.reference
    added = urlencode({"trxref": reference, "reference": reference})
    query = f"{parts.query}&{added}" if parts.query else added
    return urlunsplit(parts._replace(query=query))


def _money(transaction: Transaction) -> str:
    major, minor = divmod(transaction.requested_minor, 100)
    has_coins = minor or transaction.currency != "XOF"
    return f"{transaction.currency} {major:,}" + (f".{minor:02d}" if has_coins else "")


def _text(fields: Fields, name: str) -> str:
    return str(fields.get(name, "")).strip()
