"""Refunds of money alone, and disputes that are lost, as tests bring them about."""

import json
from itertools import count
from typing import Final

from app.domain.ids import OrderId
from app.domain.money import Money
from app.http.services import Services
from app.models.payments.payments import Refund
from app.models.users.users import User

WHY: Final = "the support act is ill"

_disputes = count(1)


def refund_money(
    services: Services, organizer: User, order_id: OrderId, minor: int, currency: str = "NGN"
) -> Refund:
    """So much of the order goes back; its tickets stay valid."""
    return services.money_refunds.refund(
        order_id=order_id, caller=organizer, amount=Money(minor, currency), reason=WHY
    )


def lose_dispute(services: Services, reference: str, minor: int | None) -> None:
    """The buyer's bank takes so much of a payment back, or with ``None`` all of it."""
    dispute = {
        "id": next(_disputes),
        "status": "resolved",
        "resolution": "merchant-accepted",
        "refund_amount": minor,
        "transaction": {"reference": reference},
    }
    body = json.dumps({"event": "charge.dispute.resolve", "data": dispute}).encode()
    services.webhooks.receive(body=body, signature="signed")
