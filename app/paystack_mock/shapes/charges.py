"""The bodies in which transactions leave the simulator. Every key is always there."""

import hashlib
from typing import Any

from app.paystack_mock.values.moments import iso, iso_or_none
from app.paystack_mock.values.records import BANK_TRANSFER, Customer, Transaction

Body = dict[str, Any]

_COUNTRIES = {"NGN": "NG", "GHS": "GH", "ZAR": "ZA", "KES": "KE", "XOF": "CI", "USD": "NG"}

_NO_AUTHORIZATION: Body = {
    "authorization_code": None,
    "bin": None,
    "last4": None,
    "exp_month": None,
    "exp_year": None,
    "channel": None,
    "card_type": None,
    "bank": None,
    "country_code": None,
    "brand": None,
    "reusable": False,
    "signature": None,
    "account_name": None,
    "receiver_bank_account_number": None,
    "receiver_bank": None,
}


def verified(transaction: Transaction) -> Body:
    """``data`` of verify."""
    return {
        "id": transaction.id,
        "domain": "test",
        "status": transaction.status,
        "reference": transaction.reference,
        "receipt_number": None,
        **_outcome(transaction),
        **_common(transaction),
        "metadata": _metadata(transaction, empty=""),
        "plan": None,
        "source": None,
        "fees_breakdown": None,
        "connect": None,
        "transaction_date": iso(transaction.created_at_ms),
        "plan_object": {},
        "authorization": authorization(transaction) if transaction.is_paid else {},
    }


def fetched(transaction: Transaction) -> Body:
    """``data`` of fetch by id."""
    body = verified(transaction)
    del body["transaction_date"], body["plan_object"]
    return body | {"helpdesk_link": None, "plan": {}, "source": _source()}


def listed(transaction: Transaction) -> Body:
    """One row of the list."""
    body = fetched(transaction)
    for key in ("receipt_number", "fees_breakdown", "helpdesk_link"):
        del body[key]
    body["metadata"] = _metadata(transaction, empty=None)
    body["authorization"] = authorization(transaction)
    return body


def charge_event(transaction: Transaction) -> Body:
    """``data`` of charge.success."""
    body = verified(transaction)
    for key in ("receipt_number", "createdAt", "connect", "transaction_date", "plan_object"):
        del body[key]
    return body | {"plan": {}, "log": None, "source": _source()}


def authorization(transaction: Transaction) -> Body:
    """The card or the bank account that paid; every key null while unpaid."""
    if transaction.is_paid and transaction.details.channel == BANK_TRANSFER:
        return _bank_account(transaction)
    card = transaction.card
    if card is None or not transaction.is_paid:
        return dict(_NO_AUTHORIZATION)
    mark = _mark(transaction, card.number)
    return {
        "authorization_code": f"AUTH_{mark[:10]}",
        "bin": card.number[:6],
        "last4": card.number[-4:],
        "exp_month": transaction.details.exp_month,
        "exp_year": transaction.details.exp_year,
        "channel": "card",
        "card_type": f"{card.brand} ",
        "bank": "TEST BANK",
        "country_code": _COUNTRIES[transaction.currency],
        "brand": card.brand,
        "reusable": card.reusable,
        "signature": f"SIG_{mark[10:30]}",
        "account_name": None,
        "receiver_bank_account_number": None,
        "receiver_bank": None,
    }


def _bank_account(transaction: Transaction) -> Body:
    mark = _mark(transaction, BANK_TRANSFER)
    return _NO_AUTHORIZATION | {
        "authorization_code": f"AUTH_{mark[:10]}",
        "bin": "000XXX",
        "last4": "X000",
        "exp_month": "12",
        "exp_year": "2099",
        "channel": BANK_TRANSFER,
        "card_type": "transfer",
        "bank": "TEST BANK",
        "country_code": _COUNTRIES[transaction.currency],
        "brand": "Managed Account",
        "receiver_bank_account_number": "0000000000",
        "receiver_bank": "TEST BANK",
    }


def _mark(transaction: Transaction, means: str) -> str:
    """One card or account of one customer keeps its code, as the real codes do."""
    print_of_means = f"{transaction.account}/{transaction.customer.id}/{means}"
    return hashlib.sha256(print_of_means.encode()).hexdigest()


def customer_body(customer: Customer) -> Body:
    return {
        "id": customer.id,
        "first_name": None,
        "last_name": None,
        "email": customer.email,
        "customer_code": customer.code,
        "phone": None,
        "metadata": None,
        "risk_action": "default",
        "international_format_phone": None,
    }


def _outcome(transaction: Transaction) -> Body:
    details = transaction.details
    return {
        "amount": transaction.amount_minor,
        "message": None,
        "gateway_response": details.gateway_response,
        "paid_at": iso_or_none(details.paid_at_ms),
        "paidAt": iso_or_none(details.paid_at_ms),
        "fees": transaction.fee_minor,
        "fees_split": None,
        "log": _log(transaction),
    }


def _common(transaction: Transaction) -> Body:
    created_at = iso(transaction.created_at_ms)
    return {
        "created_at": created_at,
        "createdAt": created_at,
        "channel": transaction.details.channel,
        "currency": transaction.currency,
        "ip_address": transaction.details.ip_address,
        "customer": customer_body(transaction.customer),
        "split": {},
        "order_id": None,
        "requested_amount": transaction.requested_minor,
        "pos_transaction_data": None,
        "subaccount": {},
    }


def _metadata(transaction: Transaction, *, empty: Any) -> Any:
    metadata = transaction.details.metadata
    return empty if metadata is None else metadata


def _log(transaction: Transaction) -> Body | None:
    details = transaction.details
    if not details.attempts:
        return None
    return {
        "start_time": transaction.created_at_ms // 1000,
        "time_spent": details.history[-1]["time"],
        "attempts": details.attempts,
        "errors": details.errors,
        "success": transaction.is_paid,
        "mobile": False,
        "input": [],
        "history": details.history,
    }


def _source() -> Body:
    return {
        "source": "merchant_api",
        "type": "api",
        "identifier": None,
        "entry_point": "transaction_initialize",
    }
