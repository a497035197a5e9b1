"""The bodies in which refunds leave the simulator."""

from typing import Any

from app.paystack_mock.shapes.charges import customer_body
from app.paystack_mock.values.moments import iso, iso_or_none
from app.paystack_mock.values.records import Account, Refund, Transaction

Body = dict[str, Any]

REFUNDED_BY = "merchant@example.com"

_AMOUNT_AS_TEXT = frozenset({"pending", "processing", "processed"})
_EXPECTED_AFTER_MS = 10 * 24 * 60 * 60 * 1000


def opened(account: Account, refund: Refund, transaction: Transaction) -> Body:
    """``data`` of the answer to a new refund."""
    paid_at = iso_or_none(transaction.details.paid_at_ms)
    return {
        "transaction": {
            "id": transaction.id,
            "domain": "test",
            "reference": transaction.reference,
            "amount": transaction.amount_minor,
            "paid_at": paid_at,
            "channel": transaction.details.channel,
            "currency": transaction.currency,
            "authorization": {"exp_month": None, "exp_year": None, "account_name": None},
            "customer": {"international_format_phone": None},
            "plan": {},
            "subaccount": {"currency": None},
            "split": {},
            "order_id": None,
            "paidAt": paid_at,
            "pos_transaction_data": None,
            "source": None,
            "fees_breakdown": None,
        },
        **_common(account, refund),
        "channel": transaction.details.channel,
        "expected_at": iso(refund.created_at_ms + _EXPECTED_AFTER_MS),
        "updatedAt": iso(refund.details.updated_at_ms),
        "customer": customer_body(transaction.customer),
    }


def fetched(account: Account, refund: Refund, transaction: Transaction) -> Body:
    """``data`` of fetch, and one row of the list."""
    return {
        "transaction": refund.transaction,
        **_common(account, refund),
        "dispute": None,
        "settlement": None,
        "refunded_at": iso_or_none(refund.details.settled_at_ms),
        "bank_reference": None,
        "transaction_reference": transaction.reference,
        "customer": customer_body(transaction.customer),
        "refund_type": _refund_type(refund, transaction),
        "transaction_amount": transaction.amount_minor,
        "refund_channel": transaction.details.channel,
        "collect_account_number": refund.status == "needs-attention",
        "channel": transaction.details.channel,
        "expected_at": iso(refund.created_at_ms + _EXPECTED_AFTER_MS),
        "updatedAt": iso(refund.details.updated_at_ms),
    }


def retried(account: Account, refund: Refund, transaction: Transaction) -> Body:
    """``data`` of a retry; the description wants objects where fetch has null."""
    return fetched(account, refund, transaction) | {
        "dispute": {},
        "settlement": {},
        "reversed_at": None,
    }


def refund_event(account: Account, refund: Refund, transaction: Transaction) -> Body:
    """``data`` of a refund event; the payment is named in ``transaction_reference``.

    As in Paystack's samples: only needs-attention carries an id and notes, the others
    name the processor; the amount is text in pending, processing and processed.
    """
    is_processed = refund.status == "processed"
    body: Body = {
        "status": refund.status,
        "transaction_reference": transaction.reference,
        "refund_reference": f"simulated-{refund.id}" if is_processed else None,
        "amount": (
            str(refund.amount_minor) if refund.status in _AMOUNT_AS_TEXT else refund.amount_minor
        ),
        "currency": refund.currency,
        "customer": {"first_name": "", "last_name": "", "email": transaction.customer.email},
        "integration": account.integration,
        "domain": "test",
    }
    if refund.status != "needs-attention":
        return body | {"processor": "simulator"}
    return body | {
        "id": str(refund.id),
        "customer_note": refund.details.customer_note,
        "merchant_note": refund.details.merchant_note,
    }


def _common(account: Account, refund: Refund) -> Body:
    is_processed = refund.status == "processed"
    return {
        "integration": account.integration,
        "deducted_amount": refund.amount_minor if is_processed else 0,
        "merchant_note": refund.details.merchant_note,
        "customer_note": refund.details.customer_note,
        "status": refund.status,
        "refunded_by": REFUNDED_BY,
        "initiated_by": REFUNDED_BY,
        "currency": refund.currency,
        "domain": "test",
        "amount": refund.amount_minor,
        "fully_deducted": is_processed,
        "reason": refund.status.upper(),
        "session_id": None,
        "id": refund.id,
        "createdAt": iso(refund.created_at_ms),
    }


def _refund_type(refund: Refund, transaction: Transaction) -> str:
    return "full" if refund.amount_minor == transaction.amount_minor else "partial"
