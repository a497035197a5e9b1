"""Taking due rows so that no other worker takes them as well."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session


def claim_due(
    db: Session,
    model: Any,
    *conditions: ColumnElement[bool],
    due_at: InstrumentedAttribute[Any],
    now: datetime,
    until: datetime,
    limit: int,
    **values: Any,
) -> Sequence[Any]:
    """The ids of at most ``limit`` rows whose ``due_at`` has come, now moved to ``until``.

    Moving the moment is the claim: nobody else finds the row due, and if the worker dies it comes
    back by itself. SQLite's single writer needs no row lock; PostgreSQL skips rows being claimed.
    """
    due = (
        select(model.id)
        .where(due_at <= now, *conditions)
        .order_by(due_at, model.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    statement = (
        update(model)
        .where(model.id.in_(due.scalar_subquery()))
        .values({due_at: until, **{getattr(model, name): value for name, value in values.items()}})
        .returning(model.id)
        .execution_options(synchronize_session=False)
    )
    return sorted(db.scalars(statement))
