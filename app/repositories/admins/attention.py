"""What needs a person, of all kinds in one list, each found by an index of open matters."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    Select,
    String,
    and_,
    cast,
    literal,
    null,
    select,
    text,
    type_coerce,
    union_all,
)
from sqlalchemy.types import TypeEngine

from app.domain.admins.attention import (
    FAILED_TRIES,
    KEPT_A_MOMENT,
    LOST_FOR,
    UNKNOWN_AFTER,
    AttentionItem,
    AttentionKind,
)
from app.domain.paging import OLDEST_FIRST, Cursor, Page
from app.domain.states import UNSETTLED_PAYMENTS, OrderStatus, OutboxStatus
from app.models.base import Id
from app.models.operations.failed_items import FailedItem
from app.models.operations.outbox import OutboxMessage
from app.models.orders.orders import Order
from app.models.payments.disputes import Dispute
from app.models.payments.payments import Payment, Refund
from app.repositories.base import Repository, filled, table_of
from app.repositories.operations.failed_items import STALE_AFTER

R: Final = table_of(Refund).c
P: Final = table_of(Payment).c
D: Final = table_of(Dispute).c
M: Final = table_of(OutboxMessage).c
F: Final = table_of(FailedItem).c
ORDER: Final = table_of(Order).c

IS_STUCK: Final = text("refunds.state IN ('failed', 'needs-attention')")
"""As the index says it: parameters in their place would not be recognized."""

KINDS: Final = tuple(AttentionKind)
OTHERS: Final[dict[str, TypeEngine[Any]]] = {
    "event_id": Id,
    "order_id": Id,
    "reference": String(),
    "detail": String(),
    "told": String(),
}
"""Columns that not all kinds have, with the type that they share."""
REFUND_OF: Final = and_(R.payment_id == P.id, R.event_id == P.event_id)
DISPUTE_OF: Final = and_(D.payment_id == P.id, D.event_id == P.event_id)
OF_ORDER: Final = and_(ORDER.id == P.order_id, ORDER.event_id == P.event_id)

Part = Select[*tuple[Any, ...]]


class AttentionRepository(Repository):
    def page(self, *, now: datetime, after: Cursor | None, limit: int) -> Page[AttentionItem]:
        """One page, who waits longest first."""
        items = union_all(*_parts(now)).subquery()
        moment, key = items.c.since, items.c.place
        page = self._page(select(items), moment, key, after=after, limit=limit, sort=OLDEST_FIRST)
        return page.of(lambda row: filled(AttentionItem, row, kind=AttentionKind(row.kind)))


def _parts(now: datetime) -> Iterator[Part]:
    yield (
        _part(
            AttentionKind.REFUND,
            R,
            since=R.requested_at,
            event_id=R.event_id,
            order_id=P.order_id,
            reference=P.reference,
            detail=R.state,
            told=R.last_error,
        )
        .join_from(R.id.table, P.id.table, REFUND_OF)
        .where(IS_STUCK)
    )
    yield _part(
        AttentionKind.MAIL,
        M,
        since=M.created_at,
        event_id=M.event_id,
        detail=M.kind,
        told=M.last_error,
    ).where(M.status == OutboxStatus.DEAD)
    disputes = {"event_id": D.event_id, "order_id": P.order_id, "reference": P.reference}
    yield (
        _part(
            AttentionKind.DISPUTE,
            D,
            since=D.opened_at,
            detail=D.category,
            told=D.status,
            **disputes,
        )
        .join_from(D.id.table, P.id.table, DISPUTE_OF)
        .where(D.resolved_at.is_(None))
    )
    yield (
        _part(
            AttentionKind.LOST_DISPUTE,
            D,
            since=D.resolved_at,
            detail=D.category,
            told=D.resolution,
            **disputes,
        )
        .join_from(D.id.table, P.id.table, DISPUTE_OF)
        .where(
            D.resolved_at > now - LOST_FOR, D.resolution.endswith("accepted"), D.closed_at.is_(None)
        )
    )
    yield (
        _part(
            AttentionKind.PAYMENT,
            P,
            since=P.started_at,
            event_id=P.event_id,
            order_id=P.order_id,
            reference=P.reference,
            detail=P.status,
            told=P.reason,
        )
        .join_from(ORDER.id.table, P.id.table, OF_ORDER)
        .where(
            # Its hold ended, and was kept a moment longer, again and again.
            ORDER.status == OrderStatus.PENDING,
            ORDER.expires_at < now + KEPT_A_MOMENT,
            P.status.in_(UNSETTLED_PAYMENTS),
            P.started_at < now - UNKNOWN_AFTER,
        )
    )
    yield _part(
        AttentionKind.JOB, F, row_id=F.item_id, since=F.failed_at, detail=F.job, told=F.error
    ).where(F.tries >= FAILED_TRIES, F.retry_at > now - STALE_AFTER)


def _part(kind: AttentionKind, columns: Any, *, row_id: Any = None, **given: Any) -> Part:
    """The rows of one kind, with the columns that all have."""
    number = columns.id if row_id is None else row_id
    return select(
        literal(str(kind)).label("kind"),
        number.label("id"),
        given["since"].label("since"),
        (number * len(KINDS) + KINDS.index(kind)).label("place"),
        *(
            (type_coerce(given[name], type_) if name in given else cast(null(), type_)).label(name)
            for name, type_ in OTHERS.items()
        ),
    )
