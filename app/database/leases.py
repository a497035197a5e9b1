"""Leases of rows with work to do outside: taken and renewed one by one, stored under a token.

A lease is two columns of its own (``models.base.Leased``). When work is due is another column,
which any worker may move: that neither shortens a lease nor makes two workers share one.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.domain.operations.leases import Lease, LeaseLost


def take_lease(
    db: Session,
    model: Any,
    *conditions: ColumnElement[bool],
    due_at: InstrumentedAttribute[Any],
    wanted_at: InstrumentedAttribute[Any] | None = None,
    now: datetime,
    lasts: timedelta,
    **values: Any,
) -> Lease | None:
    """Take the row without a lease that has been due for longest; ``None``: there is none.

    Args:
        db: a session; its transaction is to be committed before the row is acted on.
        model: a ``Leased`` model.
        conditions: what else a row has to be.
        due_at: when its work is due. Moved to the lease's end, so that workers of a release that
            knows no leases leave the row alone, too.
        wanted_at: where others note that there is news, which is work as well; cleared.
        now: a row is due whose moment is not after this one.
        lasts: for how long.
        values: what else to set in the row.
    """
    until = now + lasts
    is_due = due_at <= now if wanted_at is None else or_(due_at <= now, wanted_at <= now)
    if wanted_at is not None:
        values[wanted_at.key] = None
    first = (
        select(model.id)
        .where(is_due, _is_free(model, now), *conditions)
        .order_by(due_at, model.id)
        .limit(1)
        # SQLite's single writer needs no lock; PostgreSQL skips rows that are being taken.
        .with_for_update(skip_locked=True)
    )
    token = db.execute(
        update(model)
        .where(model.id == first.scalar_subquery())
        .values(
            {
                **values,
                due_at.key: until,
                "leased_until": until,
                "lease_token": model.lease_token + 1,
            }
        )
        .returning(model.id, model.lease_token)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    return None if token is None else Lease(token[0], token[1], until)


def renew_lease(
    db: Session, model: Any, lease: Lease, *, now: datetime, lasts: timedelta, **values: Any
) -> Lease:
    """Have the lease anew for that long, if it is the row's newest; set values with it.

    Raises:
        LeaseLost: another worker has taken the row.
    """
    until = now + lasts
    store_leased(db, model, lease, leased_until=until, **values)
    return Lease(lease.row_id, lease.token, until)


def store_leased(db: Session, model: Any, lease: Lease, **values: Any) -> None:
    """Store what came of the work, if the lease is the row's newest, and end the lease.

    Raises:
        LeaseLost: another worker has taken the row.
    """
    stored = db.scalar(
        update(model)
        .where(model.id == lease.row_id, model.lease_token == lease.token)
        .values({"leased_until": None, **values})
        .returning(model.id)
        .execution_options(synchronize_session=False)
    )
    if stored is None:
        raise LeaseLost


def _is_free(model: Any, now: datetime) -> ColumnElement[bool]:
    return or_(model.leased_until.is_(None), model.leased_until <= now)
