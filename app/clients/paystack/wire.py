"""What Paystack's answers say of charges and refunds, and what we tell it of a charge."""

from collections.abc import Mapping
from typing import Final

from app.clients.paystack.answers import REASON_LENGTH, Answer, Fields, OutOfShape, text_or_empty
from app.domain.ports import (
    Charge,
    ChargeReport,
    ChargeStatus,
    RefundReport,
    RefundStatus,
    UnreadableCharge,
)

CHARGE_STATUSES: Final[Mapping[str, ChargeStatus]] = {
    "success": ChargeStatus.PAID,
    "failed": ChargeStatus.FAILED,
    "reversed": ChargeStatus.REVERSED,
    "reversal-pending": ChargeStatus.REVERSED,
}
"""All others, new ones included, are open: they are asked about again."""


def charge_metadata(*, cancel_url: str, description: str) -> dict[str, object]:
    """Where a buyer goes who cancels, and what our dashboard at Paystack shows."""
    order = {"display_name": "Order", "variable_name": "order", "value": description}
    return {"cancel_action": cancel_url, "custom_fields": [order]}


def charge_of(answer: Answer) -> Charge:
    fields = answer.fields
    return Charge(
        authorization_url=fields.text("authorization_url"),
        access_code=fields.text_or_empty("access_code"),
    )


def charge_report_of(answer: Answer, *, reference: str) -> ChargeReport:
    report = _charge_report(answer.fields)
    if report.reference != reference:
        raise OutOfShape("it is about another reference")
    return report


def listed_charges_of(answer: Answer) -> list[ChargeReport | UnreadableCharge]:
    """One page of the list of charges; a row that cannot be read hides no other."""
    return [_listed_charge(row) for row in answer.unread_rows]


def _listed_charge(row: object) -> ChargeReport | UnreadableCharge:
    try:
        return _charge_report(Fields(row))
    except OutOfShape as error:
        reference = text_or_empty(row, "reference") if isinstance(row, dict) else ""
        return UnreadableCharge(reference=reference, why=str(error))


def _charge_report(fields: Fields) -> ChargeReport:
    return ChargeReport(
        status=CHARGE_STATUSES.get(fields.text("status"), ChargeStatus.OPEN),
        reference=fields.text("reference"),
        amount=fields.money(),
        transaction_id=fields.number_as_text("id"),
        fee_minor=fields.whole_or_none("fees"),
        paid_at=fields.moment("paid_at", "paidAt"),
        reason=fields.text_or_empty("gateway_response")[:REASON_LENGTH],
    )


def refund_report_of(fields: Fields) -> RefundReport:
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
