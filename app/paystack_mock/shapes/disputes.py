"""The body in which disputes leave the simulator."""

from app.paystack_mock.shapes.charges import Body, authorization, customer_body, verified
from app.paystack_mock.values.moments import iso
from app.paystack_mock.values.records import Dispute, Transaction

_ANSWER_WITHIN_MS = 3 * 24 * 60 * 60 * 1000
_BY = "bank@example.com"
_LEFT_OUT = ("receipt_number", "requested_amount", "transaction_date", "plan_object")


def dispute_event(dispute: Dispute, transaction: Transaction) -> Body:
    """``data`` of every dispute event; the payment is in ``transaction``."""
    card = authorization(transaction)
    opened_at = iso(dispute.opened_at_ms)
    is_resolved = dispute.is_resolved
    return {
        "id": dispute.id,
        "refund_amount": transaction.amount_minor,
        "currency": transaction.currency,
        "status": "resolved" if is_resolved else "awaiting-merchant-feedback",
        "resolution": _resolution(transaction) if is_resolved else None,
        "domain": "test",
        "transaction": _disputed(transaction),
        "transaction_reference": None,
        "category": "chargeback",
        "customer": customer_body(transaction.customer),
        "bin": card["bin"],
        "last4": card["last4"],
        "dueAt": iso(dispute.opened_at_ms + _ANSWER_WITHIN_MS),
        "resolvedAt": iso(dispute.updated_at_ms) if is_resolved else None,
        "evidence": None,
        "attachments": None,
        "note": None,
        "history": [{"status": "pending", "by": _BY, "createdAt": opened_at}],
        "messages": [{"sender": _BY, "body": "I did not buy this.", "createdAt": opened_at}],
        "createdAt": opened_at,
        "updatedAt": iso(dispute.updated_at_ms),
    }


def _resolution(transaction: Transaction) -> str:
    """Accepted by the merchant, or declined by the one who decides."""
    return "merchant-accepted" if transaction.loses_dispute else "declined"


def _disputed(transaction: Transaction) -> Body:
    body = verified(transaction)
    for key in _LEFT_OUT:
        del body[key]
    return body | {"plan": {}}
