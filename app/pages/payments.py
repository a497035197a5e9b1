"""Where Paystack sends the buyer's browser back to."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from app.domain.errors import PaymentGatewayUnavailable, PaymentNotFound
from app.domain.states import PaymentStatus
from app.pages.rendering import page
from app.routers.addresses import ROOT_PATH
from app.routers.dependencies import ServicesDep
from app.services.settlement import Settlement

router = APIRouter(include_in_schema=False)

Reference = Annotated[str | None, Query(max_length=64, pattern=r"^[A-Za-z0-9.=-]+$")]


@router.get("/payments/callback")
def payment_result(
    services: ServicesDep,
    reference: Reference = None,
    trxref: Reference = None,
    cancelled: bool = False,
) -> HTMLResponse:
    """Tell the buyer how the payment ended.

    Being here proves nothing, so Paystack is asked. Whoever knows the reference sees the link to
    the ticket: it is as secret as the link itself, and only the buyer's browser has it.
    """
    wanted = reference or trxref
    if wanted is None:
        if cancelled:
            return page("payment.html", **_words("cancelled"))
        return page("missing.html", status=404, detail="This address names no payment.")
    try:
        settlement = services.settlement.settle(wanted)
    except PaymentNotFound:
        return page("missing.html", status=404, detail="There is no such payment.")
    except PaymentGatewayUnavailable:
        return page("payment.html", status=503, **_words("silent", reference=wanted))
    return page("payment.html", **_result(settlement))


def _result(settlement: Settlement) -> dict[str, Any]:
    payment = settlement.payment
    match payment.status:
        case PaymentStatus.SUCCEEDED:
            words = _words("paid")
        case PaymentStatus.RETURNED:
            words = _words("returned", reason=payment.reason)
        case PaymentStatus.FAILED:
            words = _words("failed", reason=payment.reason)
        case _:
            words = _words("open", reference=payment.reference)
    pay_url = payment.authorization_url if not payment.is_settled else None
    # The reference is the buyer's secret; the link of a ticket that was handed on is not.
    tickets = [t for t in settlement.tickets if t.user_id == settlement.order.buyer_id]
    return {**words, "payment": payment, "tickets": tickets, "pay_url": pay_url}


_WORDS = {
    "paid": ("good", "Paid", "Thank you! Your payment arrived.", "Your ticket is ready."),
    "returned": (
        "bad",
        "Refund under way",
        "Your payment goes back to you.",
        "It arrived, but {reason}. Nothing is left to do for you.",
    ),
    "failed": (
        "bad",
        "Not paid",
        "The payment did not go through.",
        "Paystack says: {reason}. No ticket was issued.",
    ),
    "open": ("wait", "Waiting", "The payment is not completed yet.", "Your place is being kept."),
    "silent": (
        "wait",
        "Waiting",
        "We cannot reach Paystack right now.",
        "If you paid, your ticket comes by mail as soon as Paystack confirms it.",
    ),
    "cancelled": (
        "wait",
        "Cancelled",
        "You left the payment.",
        "Nothing was charged. Your place is kept for a while in case you change your mind.",
    ),
}


def _words(
    result: str, *, reference: str | None = None, reason: str | None = None
) -> dict[str, Any]:
    mark, badge, heading, explanation = _WORDS[result]
    return {
        "mark": mark,
        "badge": badge,
        "heading": heading,
        "explanation": explanation.format(reason=reason or "it was declined"),
        "again_url": f"{ROOT_PATH.get()}/payments/callback?reference={reference}"
        if reference
        else None,
        "payment": None,
        "tickets": (),
        "pay_url": None,
    }
