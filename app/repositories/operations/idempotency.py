from datetime import datetime

from sqlalchemy import ColumnElement, Select, delete, select, update

from app.domain.ids import OrderId
from app.domain.operations.idempotency import KeyedCall
from app.models.operations.idempotency import IdempotencyKey
from app.repositories.base import Repository


class IdempotencyRepository(Repository):
    def claim(self, call: KeyedCall, *, owner: str, now: datetime) -> IdempotencyKey:
        """The key's row: a new one of ours, or the one that an earlier call left.

        On PostgreSQL this waits for another transaction that is just inserting the same row, and
        keeps the row: the earlier call does not give it up before this transaction ends.
        """
        insertion = self._insert(IdempotencyKey).values(
            caller=call.caller,
            operation=call.operation,
            key=call.key,
            fingerprint=call.fingerprint,
            owner=owner,
            claimed_at=now,
        )
        claimed = insertion.on_conflict_do_update(
            index_elements=[IdempotencyKey.caller, IdempotencyKey.operation, IdempotencyKey.key],
            set_={"key": insertion.excluded.key},
        )
        row: IdempotencyKey = self._db.scalars(claimed.returning(IdempotencyKey)).one()
        return row

    def find(self, call: KeyedCall) -> IdempotencyKey | None:
        """The row that an earlier call left."""
        return self._db.scalars(_row_of(call)).one_or_none()

    def take_over(
        self, row: IdempotencyKey, *, owner: str, now: datetime, dead_before: datetime
    ) -> bool:
        """Become the owner of a call whose owner has died; tell whether we did."""
        statement = (
            update(IdempotencyKey)
            .where(
                IdempotencyKey.id == row.id,
                IdempotencyKey.status.is_(None),
                IdempotencyKey.owner == row.owner,
                IdempotencyKey.claimed_at <= dead_before,
            )
            .values(owner=owner, claimed_at=now)
            .returning(IdempotencyKey)
            .execution_options(populate_existing=True)
        )
        return self._db.scalar(statement) is not None

    def note_order(self, row_id: int, order_id: OrderId | None) -> None:
        """Remember which order the call has placed; ``None``: none that still stands."""
        self._set(row_id, order_id=order_id)

    def finish(self, row_id: int, *, owner: str, status: int, body: bytes) -> None:
        """Store the response for replays, unless another call took the key over."""
        self._set(row_id, IdempotencyKey.owner == owner, status=status, body=body)

    def give_up(self, row_id: int, *, owner: str, takeable_at: datetime) -> None:
        """Free the key if no order was placed, else let the next one go on with it at once."""
        is_ours = (IdempotencyKey.id == row_id, IdempotencyKey.owner == owner)
        self._db.execute(delete(IdempotencyKey).where(*is_ours, IdempotencyKey.order_id.is_(None)))
        self._set(row_id, IdempotencyKey.owner == owner, claimed_at=takeable_at)

    def forget_before(self, moment: datetime) -> None:
        """Delete calls named before the moment."""
        self._db.execute(delete(IdempotencyKey).where(IdempotencyKey.claimed_at < moment))

    def _set(self, row_id: int, *conditions: ColumnElement[bool], **values: object) -> None:
        self._db.execute(
            update(IdempotencyKey).where(IdempotencyKey.id == row_id, *conditions).values(**values)
        )


def _row_of(call: KeyedCall) -> Select[IdempotencyKey]:
    return (
        select(IdempotencyKey)
        .where(
            IdempotencyKey.caller == call.caller,
            IdempotencyKey.operation == call.operation,
            IdempotencyKey.key == call.key,
        )
        .execution_options(populate_existing=True)
    )
