"""Where Paystack sends the buyer's browser back to."""

import re
from typing import Any, Final
from urllib.parse import urlencode

import structlog
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from app.domain.errors import PaymentNotFound, Unavailable
from app.domain.languages import marked
from app.domain.states import PaymentStatus
from app.http.dependencies import ROOT_PATH, ServicesDep
from app.http.services import Services
from app.pages.rendering import page
from app.services.payments.settlement import Settlement
from app.texts.catalogue import translated

router = APIRouter(include_in_schema=False)

log = structlog.get_logger(__name__)

REFERENCE: Final = re.compile(r"[A-Za-z0-9.=-]{1,64}")

MOST_REFERENCES: Final = 4
"""So many of the references in the address are looked up until one is known."""


@router.get("/payments/callback")
def payment_result(request: Request, services: ServicesDep) -> HTMLResponse:
    """Tell the buyer how the payment ended; always with a page, whatever the address says.

    Being here proves nothing, so Paystack is asked. The reference alone tells how the payment
    stands. Ticket links and the way back to the payment are for the browser that was sent here:
    its address holds the payment's ``key``.
    """
    query = request.query_params
    try:
        return _answer(
            services,
            references=_references(query.getlist("reference") + query.getlist("trxref")),
            key=query.get("key", ""),
            is_cancelled=query.get("cancelled") == "true",
        )
    except Unavailable as refusal:
        again = _again_url(str(request.url.query))
        answer = page("payment.html", status=503, **_words("silent", again_url=again))
        answer.headers["Retry-After"] = str(max(int(refusal.retry_after.total_seconds()), 1))
        return answer
    except Exception:
        log.exception("unforeseen", method=request.method, path="/payments/callback")
        return page("payment.html", status=500, **_words("broken"))


def _references(given: list[str]) -> list[str]:
    """What may be a reference, each once, in order."""
    stripped = (text.strip() for text in given)
    return list(dict.fromkeys(filter(REFERENCE.fullmatch, stripped)))[:MOST_REFERENCES]


def _answer(
    services: Services, *, references: list[str], key: str, is_cancelled: bool
) -> HTMLResponse:
    for reference in references:
        try:
            settlement = services.settlement.look_up(reference)
        except PaymentNotFound:
            continue
        is_keyed = services.payments.is_keyed(settlement.payment, key=key)
        shown = services.order_pages.describe(settlement.order.id)
        words = _result(settlement, key if is_keyed else "", is_cancelled, shown.order.quantity)
        words |= {"shown": shown, "is_keyed": is_keyed, "colour": shown.look.colour}
        return page("payment.html", **words)
    if references:
        return page("missing.html", status=404, detail=marked("There is no such payment."))
    if is_cancelled:
        return page("payment.html", **_words("cancelled"))
    return page("missing.html", status=404, detail=marked("This address names no payment."))


def _result(settlement: Settlement, key: str, is_cancelled: bool, quantity: int) -> dict[str, Any]:
    payment = settlement.payment
    match payment.status:
        case PaymentStatus.SUCCEEDED:
            words = _words("paid" if quantity == 1 else "paid-for-several")
        case PaymentStatus.RETURNED:
            words = _words("returned", reason=payment.reason)
        case PaymentStatus.FAILED:
            words = _words("failed", reason=payment.reason)
        case _ if is_cancelled:
            words = _words("cancelled")
        case _:
            query = {"reference": payment.reference} | ({"key": key} if key else {})
            words = _words("open", again_url=_again_url(urlencode(query)))
    may_pay = key and not payment.is_settled
    # A ticket that was transferred or issued again has a link that is not shown here.
    tickets = [
        ticket
        for ticket in settlement.tickets
        if key and ticket.user_id == settlement.order.buyer_id and ticket.version == 1
    ]
    return {
        **words,
        "payment": payment,
        "tickets": tickets,
        "is_paid": payment.status == PaymentStatus.SUCCEEDED,
        "pay_url": payment.authorization_url if may_pay else None,
    }


DECLINED: Final = marked("it was declined")

_WORDS = {
    "paid": (
        "good",
        marked("Paid"),
        marked("Thank you! Your payment arrived."),
        marked("Your ticket is ready."),
    ),
    "paid-for-several": (
        "good",
        marked("Paid"),
        marked("Thank you! Your payment arrived."),
        marked("Your tickets are ready."),
    ),
    "returned": (
        "bad",
        marked("Refund under way"),
        marked("Your payment goes back to you."),
        marked("It arrived, but {reason}. Nothing is left to do for you."),
    ),
    "failed": (
        "bad",
        marked("Not paid"),
        marked("The payment did not go through."),
        marked("Paystack says: {reason}. No ticket was issued."),
    ),
    "open": (
        "wait",
        marked("Waiting"),
        marked("The payment is not completed yet."),
        marked("Your place is being kept."),
    ),
    "silent": (
        "wait",
        marked("Waiting"),
        marked("We cannot tell yet how the payment stands."),
        marked("If you paid, your ticket comes by mail as soon as Paystack confirms it."),
    ),
    "broken": (
        "bad",
        marked("Our mistake"),
        marked("We cannot show this payment right now."),
        marked("If you paid, your ticket comes by mail as soon as Paystack confirms it."),
    ),
    "cancelled": (
        "wait",
        marked("Cancelled"),
        marked("You left the payment."),
        marked("Nothing was charged. Your place is kept for a while in case you change your mind."),
    ),
}


def _words(
    result: str, *, again_url: str | None = None, reason: str | None = None
) -> dict[str, Any]:
    mark, badge, heading, explanation = _WORDS[result]
    because = translated(reason or DECLINED)
    return {
        "mark": mark,
        "badge": translated(badge),
        "heading": translated(heading),
        "explanation": translated(explanation).format(reason=because),
        "again_url": again_url,
        "payment": None,
        "shown": None,
        "is_keyed": False,
        "tickets": (),
        "is_paid": False,
        "pay_url": None,
    }


def _again_url(query: str) -> str:
    return f"{ROOT_PATH.get()}/payments/callback?{query}"
