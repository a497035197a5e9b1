"""Refusals about refunds."""

from datetime import datetime

from app.domain.errors.kinds import Conflict, NotFound


class OrderNotPaid(Conflict):
    """The order is not paid, or all of it was given back."""

    def __init__(self, order_id: int, status: str) -> None:
        super().__init__(f"Order {order_id} is {status}.", order_id=order_id, order_status=status)


class TicketNotRefundable(Conflict):
    """The ticket is not of this order, was used, transferred, or given back before."""

    def __init__(self, ticket_id: int | None, reason: str = "") -> None:
        super().__init__(
            "No ticket of this order can be refunded: all were used, refunded or transferred."
            if ticket_id is None
            else f"Ticket {ticket_id} {reason}.",
            ticket_id=ticket_id,
        )


class RefundTooLate(Conflict):
    """The event lets buyers give no tickets back now."""

    def __init__(self, order_id: int, until: datetime | None) -> None:
        super().__init__(
            "Tickets for this event cannot be given back by their buyers; ask the organizer."
            if until is None
            else "It is too late to give tickets for this event back; ask the organizer.",
            order_id=order_id,
            until=until,
        )


class RefundRefused(Conflict):
    """The payment provider understood the refund and refused it."""

    def __init__(self, reference: str, reason: str) -> None:
        super().__init__(
            f"The payment provider refused this refund: {reason}",
            reference=reference,
            reason=reason,
        )


class RefundNotFound(NotFound):
    """There is no refund of this id, or it is not of an event of yours."""

    def __init__(self, refund_id: int) -> None:
        super().__init__(f"There is no refund {refund_id} of an event of yours.")


class RefundNotStuck(Conflict):
    """The refund is on its way, or done."""

    def __init__(self, refund_id: int, state: str) -> None:
        super().__init__(
            f"Refund {refund_id} is {state}. Only a refund that is failed or needs-attention is "
            "retried or marked as done.",
            refund_id=refund_id,
            state=state,
        )
