"""What the API answers when it says no."""

from typing import Any


class Refusal(Exception):
    """An error answer: HTTP status and Paystack's error envelope."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        code: str = "invalid_params",
        next_step: str = "Ensure that the value(s) you're passing are valid.",
        type: str = "validation_error",
    ) -> None:
        super().__init__(message)
        self.status = status
        self.body: dict[str, Any] = {
            "status": False,
            "message": message,
            "meta": {"nextStep": next_step},
            "type": type,
            "code": code,
        }


def no_authorization() -> Refusal:
    """Seen with these two members only."""
    refusal = Refusal(401, "No Authorization Header was found")
    refusal.body = {"status": False, "message": "No Authorization Header was found"}
    return refusal


def invalid_key() -> Refusal:
    return Refusal(
        401,
        "Invalid key",
        code="invalid_Key",
        next_step="Ensure that you provide the correct authorization key for the request",
    )


def live_key() -> Refusal:
    """Not Paystack's answer: a live key has no business here, and its owner should know."""
    return Refusal(
        401,
        "This is a Paystack simulator: it takes sk_test_ keys only. Never send it a live key.",
        code="invalid_Key",
        next_step="Send the request to https://api.paystack.co, or use a test key",
    )


def not_simulated(call: str) -> Refusal:
    """Not Paystack's answer: Paystack has this call, and its caller should know who was asked."""
    return Refusal(
        501,
        f"Not simulated: this is a Paystack simulator, and it does not know {call}.",
        code="not_simulated",
        next_step="Use Paystack's own test mode for this call; docs/paystack-simulator.md lists "
        "what is simulated",
        type="api_error",
    )


def rate_limited() -> Refusal:
    return Refusal(
        429,
        "Rate limit exceeded!",
        code="rate_limited",
        next_step="Wait a few minutes and try the API call again",
        type="api_error",
    )


def unreadable_body(message: str) -> Refusal:
    return Refusal(400, message, code="invalid_body", next_step="Send a JSON object or a form")


def missing(what: str) -> Refusal:
    return Refusal(
        400,
        f"{what} is required",
        code="missing_params",
        next_step="Provide all required params",
    )


def invalid_email() -> Refusal:
    return Refusal(400, "Invalid Email Address Passed", code="invalid_email_address")


def invalid_amount() -> Refusal:
    return Refusal(400, "Invalid Amount Sent", code="invalid_amount")


def fractional_amount() -> Refusal:
    return Refusal(400, '"amount" must be an integer', code="invalid_amount")


def currency_not_supported() -> Refusal:
    return Refusal(400, "Currency not supported by merchant", code="unsupported_currency")


def bad_reference() -> Refusal:
    return Refusal(
        400,
        "Invalid character in transaction reference",
        code="invalid_character_in_reference",
        next_step="Use only letters, digits, hyphen, full stop and equals sign in the reference",
    )


def duplicate_reference() -> Refusal:
    return Refusal(
        400,
        "Duplicate Transaction Reference",
        code="duplicate_reference",
        next_step="Try and create the Transaction or Charge with a new reference",
    )


def reference_not_found() -> Refusal:
    return Refusal(
        400,
        "Transaction reference not found.",
        code="transaction_not_found",
        next_step=(
            "Ensure that you're passing the reference of a transaction"
            " that exists on this integration"
        ),
    )


def transaction_not_found() -> Refusal:
    return Refusal(404, "Transaction not found", code="transaction_not_found")


def transaction_id_not_numeric() -> Refusal:
    return Refusal(400, "Transaction ID should be numeric.")


def refund_transaction_not_found() -> Refusal:
    return Refusal(
        400,
        "Transaction not found",
        code="transaction_not_found",
        next_step="Ensure the transaction reference or ID is correct",
    )


def refund_of_unpaid() -> Refusal:
    """No source tells Paystack's answer; this one is a choice."""
    return Refusal(
        400,
        "Transaction has not been paid",
        code="transaction_not_successful",
        next_step="Only a successful transaction can be refunded",
    )


def refund_refused() -> Refusal:
    """No source tells Paystack's answer to a merchant without money; this one is a choice."""
    return Refusal(
        400,
        "Your balance is not enough to fulfil this request",
        code="insufficient_balance",
        next_step="Top up your balance, then call again",
        type="api_error",
    )


def refund_exceeds_transaction() -> Refusal:
    return Refusal(
        400,
        "Refund amount exceeds transaction amount",
        code="refund_amount_exceeds_transaction_amount",
        next_step="The refund amount should not exceed original transaction amount.",
    )


def refunds_exceed_transaction() -> Refusal:
    return Refusal(400, "Total refund amount cannot exceed original transaction amount")


def transaction_reversed() -> Refusal:
    return Refusal(
        400,
        "Transaction has been fully reversed",
        code="transaction_reversed",
        type="api_error",
    )


def refund_below_floor(floor: str) -> Refusal:
    return Refusal(
        400, f"The minimum amount you may send in a single refund at this time is: {floor}"
    )


def refund_currency_differs() -> Refusal:
    return Refusal(400, "Transaction currency must match refund currency")


def refund_not_found() -> Refusal:
    return Refusal(404, "Refund not found", code="not_found")


def refund_not_retriable() -> Refusal:
    return Refusal(
        422,
        'Invalid Refund state, refund status should be "needs-attention"',
        code="invalid_params",
        next_step="Only a refund with status needs-attention can be retried",
    )
