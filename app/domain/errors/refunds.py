"""Refusals about refunds."""

from datetime import datetime

from app.domain.errors.kinds import Conflict, Invalid, NotFound
from app.domain.money import Money


class OrderNotPaid(Conflict):
    title = "The order is not paid, or is refunded completely."

    def __init__(self, order_id: int, status: str) -> None:
        super().__init__(f"Order {order_id} is {status}.", order_id=order_id, order_status=status)


class BuyerKeepsAddress(Conflict):
    title = "The order is an account's, or mail to its address was read."

    def __init__(self, order_id: int) -> None:
        super().__init__(
            f"The address of order {order_id} is not changed here: its buyer has an account, or "
            "has used a link that was mailed to it. They change their address or transfer tickets "
            "themselves.",
            order_id=order_id,
        )


class TicketNotRefundable(Conflict):
    title = "The ticket is not of this order, or was used, transferred or refunded."

    def __init__(self, ticket_id: int | None, reason: str = "") -> None:
        super().__init__(
            "No ticket of this order can be refunded: all were used, refunded or transferred."
            if ticket_id is None
            else f"Ticket {ticket_id} {reason}.",
            ticket_id=ticket_id,
        )


class RefundTooLarge(Conflict):
    title = "The amount is more than is left to refund of the order."

    def __init__(self, order_id: int, left: Money) -> None:
        super().__init__(
            f"Nothing is left to refund of order {order_id}."
            if left.is_free
            else f"At most {left} is left to refund of order {order_id}.",
            order_id=order_id,
            left=left.minor,
            currency=left.currency,
        )


class RefundAmountInvalid(Invalid):
    title = "The order was not paid in this currency, or not in parts as small as that."

    def __init__(self, order_id: int, currency: str, amount: Money) -> None:
        super().__init__(
            "The amount must be made of whole coins."
            if amount.currency == currency
            else f"The amount must be in {currency}, as the order was paid.",
            order_id=order_id,
            errors=[{"pointer": "/amount", "detail": f"must be in whole coins of {currency}"}],
        )


class RefundTooLate(Conflict):
    title = "Refunds are closed for buyers of this event."

    def __init__(self, order_id: int, until: datetime | None) -> None:
        super().__init__(
            "Refunds are closed for buyers of this event. Ask the organizer."
            if until is None
            else "It is too late for a refund of this event. Ask the organizer.",
            order_id=order_id,
            until=until,
        )


class PaidInCash(Conflict):
    title = "The order was paid in cash. The organizer refunds it and hands the money back."

    def __init__(self, order_id: int) -> None:
        super().__init__(
            f"Order {order_id} was paid in cash: the organizer refunds it and hands the money "
            "back.",
            order_id=order_id,
        )


class RefundRefused(Conflict):
    title = "The payment provider refused the refund."

    def __init__(self, reference: str, reason: str) -> None:
        super().__init__(
            f"The payment provider refused this refund: {reason}",
            reference=reference,
            reason=reason,
        )


class RefundsTooMany(Conflict):
    title = "The payment provider lists more refunds of the payment than are read."

    def __init__(self, reference: str, most: int) -> None:
        super().__init__(
            f"The payment provider lists more than {most:,} refunds of this payment, so that this "
            "one cannot be told from them. Look for it on the provider's dashboard, refund it "
            "there if it is missing, and mark it as done.",
            reference=reference,
            most=most,
        )


class RefundNotFound(NotFound):
    title = "No refund of your events has this id."

    def __init__(self, refund_id: int) -> None:
        super().__init__(f"There is no refund {refund_id} of an event of yours.")


class RefundNotStuck(Conflict):
    title = "The refund is in progress or done."

    def __init__(self, refund_id: int, state: str) -> None:
        super().__init__(
            f"Refund {refund_id} is {state}. Only a refund that is failed or needs-attention is "
            "retried; these and those to-hand-back are marked as done.",
            refund_id=refund_id,
            state=state,
        )


class DisputeNotFound(NotFound):
    title = "No dispute has this id."

    def __init__(self, dispute_id: int) -> None:
        super().__init__(f"There is no dispute {dispute_id}.", dispute_id=dispute_id)


class DisputeNotLost(Conflict):
    title = "The dispute is not resolved, or closed already."

    def __init__(self, dispute_id: int) -> None:
        super().__init__(
            f"Dispute {dispute_id} waits for an answer on Paystack's dashboard, or was closed "
            "before. Only a resolved one is closed, once.",
            dispute_id=dispute_id,
        )
