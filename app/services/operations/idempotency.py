"""Calls that are made twice and happen once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from app.domain.errors import KeyInUse, KeyReused, TicketingError
from app.domain.ids import OrderId
from app.domain.operations.faults import FaultPoint, reach
from app.domain.operations.idempotency import KeyedCall
from app.domain.ports import Clock, IdGenerator
from app.models.operations.idempotency import IdempotencyKey
from app.repositories.database import Database


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it went out; ``is_replay`` when it had gone out before."""

    status: int
    body: bytes
    is_replay: bool = False


@dataclass(slots=True)
class Progress:
    """What a call of several steps has done so far, on this try or on one that died."""

    row_id: int
    order_id: OrderId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class IdempotencyService:
    """Lets a client repeat a call under one key: it happens once, and answers the same.

    Refusals are not kept: they changed nothing, and the next try may succeed.
    """

    database: Database
    clock: Clock
    ids: IdGenerator
    takeover_after: timedelta

    def new_key(self) -> str:
        """A key that no call has had."""
        return self.ids.token()

    def in_one_transaction(self, call: KeyedCall, act: Callable[[], Answer]) -> Answer:
        """Make a call whose whole effect is one transaction: key, effect and answer share it.

        Units of work that ``act`` opens join that transaction. If the process dies, nothing of it
        happened and the key is free.

        Raises:
            KeyReused: the key belongs to a call that asked for something else.
            KeyInUse: the same call is being worked on.
        """
        now, owner = self.clock.now(), self.ids.token()
        with self.database.joined() as work:
            row = work.idempotency.claim(call, owner=owner, now=now)
            if (known := self._known(row, call, owner=owner)) is not None:
                return known
            answer = act()
            work.idempotency.finish(row.id, owner=owner, status=answer.status, body=answer.body)
        reach(FaultPoint.ANSWER_KEPT)
        return answer

    def in_several_transactions(self, call: KeyedCall, act: Callable[[Progress], Answer]) -> Answer:
        """Make a call that waits for another system between its transactions.

        The key is stored first. If the process dies, the next try under the key after
        ``takeover_after`` takes the call over and goes on from the order it had placed, if it had.

        Raises:
            KeyReused: the key belongs to a call that asked for something else.
            KeyInUse: the same call is being worked on.
        """
        now, owner = self.clock.now(), self.ids.token()
        with self.database.writing() as work:
            row = work.idempotency.claim(call, owner=owner, now=now)
            if row.status is None and row.owner != owner and row.fingerprint == call.fingerprint:
                work.idempotency.take_over(
                    row, owner=owner, now=now, dead_before=now - self.takeover_after
                )
        if (known := self._known(row, call, owner=owner)) is not None:
            return known
        reach(FaultPoint.KEY_CLAIMED)
        progress = Progress(row.id, row.order_id)
        try:
            answer = act(progress)
        except TicketingError:
            self._let_go(row.id, owner=owner)
            raise
        with self.database.writing() as work:
            work.idempotency.finish(row.id, owner=owner, status=answer.status, body=answer.body)
        return answer

    def is_running(self, call: KeyedCall) -> bool:
        """Whether such a call is being worked on, as far as is known: not if it ended or died."""
        dead_before = self.clock.now() - self.takeover_after
        with self.database.reading() as work:
            row = work.idempotency.find(call)
        return row is not None and row.status is None and row.claimed_at > dead_before

    def _let_go(self, row_id: int, *, owner: str) -> None:
        long_ago = self.clock.now() - self.takeover_after
        with self.database.writing() as work:
            work.idempotency.give_up(row_id, owner=owner, takeable_at=long_ago)

    @staticmethod
    def _known(row: IdempotencyKey, call: KeyedCall, *, owner: str) -> Answer | None:
        if row.fingerprint != call.fingerprint:
            raise KeyReused
        if row.status is not None:
            return Answer(row.status, row.body or b"", is_replay=True)
        if row.owner != owner:
            raise KeyInUse
        return None
