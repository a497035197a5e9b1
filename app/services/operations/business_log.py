"""What happens to orders and money, as lines of the log that can be searched by reference.

Each is written after the commit: what was rolled back is not told. No names and no addresses.
"""

from collections.abc import Sequence

import structlog

from app.domain.payments.receipts import Receipt
from app.domain.states import RefundState
from app.models.orders.orders import Order
from app.models.payments.payments import Payment, Refund
from app.models.tickets.tickets import Ticket
from app.repositories.unit_of_work import UnitOfWork

log = structlog.get_logger("app.business")

_WANT_A_PERSON = (RefundState.FAILED, RefundState.NEEDS_ATTENTION)


def log_sold(
    work: UnitOfWork, order: Order, receipt: Receipt | None, tickets: Sequence[Ticket]
) -> None:
    """Tickets were issued, for money or for nothing."""

    def tell() -> None:
        facts: dict[str, object] = {
            "order": order.id,
            "event_id": order.event_id,
            "buyer": order.buyer_id,
        }
        if receipt is not None:
            paid = receipt.amount
            facts["reference"] = receipt.reference
            log.info("order paid", **facts, amount=paid.minor, currency=paid.currency)
        log.info("tickets issued", **facts, tickets=[ticket.id for ticket in tickets])

    work.after_commit(tell)


def log_returned(work: UnitOfWork, payment: Payment, refund: Refund) -> None:
    """Money arrived that bought nothing: too late, twice, or not what was asked for."""
    work.after_commit(
        lambda: log.info(
            "money goes back",
            reference=payment.reference,
            order=payment.order_id,
            refund=refund.id,
            amount=refund.amount_minor,
            currency=refund.currency,
            reason=refund.reason,
        )
    )


def log_refund(
    work: UnitOfWork,
    refund: Refund,
    payment: Payment,
    *,
    state: RefundState,
    reason: str | None = None,
) -> None:
    """A refund was sent, paid out, or stopped, if that is news."""
    if state == refund.state:
        return
    event = "refund sent" if state == RefundState.PENDING else f"refund {state}"
    tell = log.warning if state in _WANT_A_PERSON else log.info
    work.after_commit(
        lambda: tell(
            event,
            refund=refund.id,
            reference=payment.reference,
            amount=refund.amount_minor,
            currency=refund.currency,
            reason=reason,
        )
    )
