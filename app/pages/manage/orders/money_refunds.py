"""Money of an order refunded in the console, while its tickets stay valid."""

from typing import Any, Final

from fastapi import Response
from pydantic import ValidationError

from app.domain.errors import Conflict
from app.domain.ids import OrderId, RefundId
from app.domain.money import Money
from app.http.browsers.sessions import FormFields, SendingBrowser
from app.http.dependencies import ServicesDep
from app.http.path_ids import EventIdInPath, OrderIdInPath
from app.pages.forms import Mistakes, mistake_at, mistakes_in
from app.pages.manage.event_forms import price_or_text
from app.pages.manage.orders.orders import show
from app.pages.manage.sent_once import made_once
from app.pages.rendering import PageRouter, see
from app.schemas.base import Price, RequestBody
from app.schemas.payments.refunds import RefundReason

router = PageRouter("/manage/events/{event_id}/orders/{order_id}/refund-money")

FIELDS: Final = ("amount", "reason")

NOT_PAYABLE: Final = Mistakes(
    {"amount": "Write an amount above zero, in whole coins of the currency."}, 422
)


class TypedRefund(RequestBody):
    """What the form asks for, in major units."""

    amount: Price
    reason: RefundReason


@router.post("")
def refund_money(
    event_id: EventIdInPath,
    order_id: OrderIdInPath,
    session: SendingBrowser,
    services: ServicesDep,
    form: FormFields,
) -> Response:
    """Refund an amount; the same form sent again refunds nothing more."""
    order = services.event_orders.show(
        event_id=event_id, organizer=session.user, order_id=order_id
    ).detail.order

    def again(mistakes: Mistakes) -> Response:
        return show(event_id, order_id, session, services, values=form, mistakes=mistakes)

    try:
        typed = TypedRefund.model_validate(_fields(form))
    except ValidationError as error:
        return again(mistakes_in(error, FIELDS))
    try:
        amount = Money.from_major(typed.amount, order.currency)
    except ValueError:
        return again(NOT_PAYABLE)
    if amount.is_free:
        return again(NOT_PAYABLE)

    def refund() -> RefundId:
        made = services.money_refunds.refund(
            order_id=OrderId(order_id), caller=session.user, amount=amount, reason=typed.reason
        )
        return made.id

    try:
        operation = f"POST /manage/events/{event_id}/orders/{order_id}/refund-money"
        made_once(session, services, operation, form, refund)
    except Conflict as refusal:
        return again(mistake_at("amount", refusal))
    return see(f"/manage/events/{event_id}/orders/{order_id}#refunds")


def _fields(form: dict[str, str]) -> dict[str, Any]:
    """The fields as JSON would have them."""
    return {
        "amount": price_or_text(form.get("amount", "").strip()),
        "reason": form.get("reason", ""),
    }
