from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, func, or_, select, update

from app.domain.ids import TwoStepId, UserId
from app.models.users.two_step import RecoveryCode, TwoStepSecret
from app.repositories.base import Repository

NOT_ENDED = TwoStepSecret.ended_at.is_(None)
IS_ON = TwoStepSecret.enabled_at.is_not(None)


class TwoStepRepository(Repository):
    """Secrets of accounts that sign in in two steps. Who changes them has locked the account."""

    def find(self, user_id: UserId) -> TwoStepSecret | None:
        """The account's secret, switched on or waiting for its first code."""
        return self._db.scalar(
            select(TwoStepSecret)
            .where(TwoStepSecret.user_id == user_id, NOT_ENDED)
            .execution_options(populate_existing=True)
        )

    def get(self, two_step_id: TwoStepId) -> TwoStepSecret | None:
        return self._db.get(TwoStepSecret, two_step_id)

    def is_on(self, user_id: UserId) -> bool:
        """Whether the account signs in in two steps."""
        return self.enabled_at(user_id) is not None

    def enabled_at(self, user_id: UserId) -> datetime | None:
        """Since when the account signs in in two steps; ``None``: in one."""
        return self._db.scalar(
            select(TwoStepSecret.enabled_at).where(
                TwoStepSecret.user_id == user_id, NOT_ENDED, IS_ON
            )
        )

    def begin(self, secret: TwoStepSecret) -> bool:
        """Keep a secret that waits for its first code, in place of another such one.

        Tells whether it is kept: not beside one that is switched on.
        """
        self._db.execute(
            delete(TwoStepSecret).where(TwoStepSecret.user_id == secret.user_id, NOT_ENDED, ~IS_ON)
        )
        return self._insert_row_if_new(secret) is not None

    def enable(self, two_step_id: TwoStepId, *, step: int, now: datetime) -> bool:
        """Switch a secret on with its first code; tell whether it waited for that."""
        statement = (
            update(TwoStepSecret)
            .where(TwoStepSecret.id == two_step_id, NOT_ENDED, ~IS_ON)
            .values(enabled_at=now, last_step=step)
            .returning(TwoStepSecret.id)
        )
        return self._db.scalar(statement) is not None

    def use_step(self, two_step_id: TwoStepId, step: int) -> bool:
        """Use the code of a time step up; tell whether it is newer than all used before.

        One conditional UPDATE: of many who send the same code at once, one is let in.
        """
        statement = (
            update(TwoStepSecret)
            .where(
                TwoStepSecret.id == two_step_id,
                NOT_ENDED,
                IS_ON,
                or_(TwoStepSecret.last_step.is_(None), TwoStepSecret.last_step < step),
            )
            .values(last_step=step)
            .returning(TwoStepSecret.id)
        )
        return self._db.scalar(statement) is not None

    def use_recovery_code(self, two_step_id: TwoStepId, code_hash: str, *, now: datetime) -> bool:
        """Use a recovery code up; tell whether it was there unused."""
        statement = (
            update(RecoveryCode)
            .where(
                RecoveryCode.two_step_id == two_step_id,
                RecoveryCode.code_hash == code_hash,
                RecoveryCode.used_at.is_(None),
            )
            .values(used_at=now)
            .returning(RecoveryCode.code_hash)
        )
        return self._db.scalar(statement) is not None

    def add_recovery_codes(self, two_step_id: TwoStepId, hashes: Iterable[str]) -> None:
        self._insert_rows(
            [
                RecoveryCode(two_step_id=two_step_id, code_hash=code_hash, used_at=None)
                for code_hash in hashes
            ]
        )

    def recovery_codes_left(self, two_step_id: TwoStepId) -> int:
        """How many have not been used."""
        left = select(func.count()).where(
            RecoveryCode.two_step_id == two_step_id, RecoveryCode.used_at.is_(None)
        )
        return self._db.scalar(left) or 0

    def end(
        self, user_id: UserId, *, since: datetime | None = None, now: datetime
    ) -> TwoStepId | None:
        """Switch the account's secret off, and forget it; ``None``: it had none switched on.

        ``since``: only one that was switched on then or later.
        """
        which = [TwoStepSecret.user_id == user_id, NOT_ENDED, IS_ON]
        if since is not None:
            which.append(TwoStepSecret.enabled_at >= since)
        ended: TwoStepId | None = self._db.scalar(
            update(TwoStepSecret)
            .where(*which)
            .values(ended_at=now, box="")
            .returning(TwoStepSecret.id)
        )
        if ended is not None:
            self._db.execute(delete(RecoveryCode).where(RecoveryCode.two_step_id == ended))
        return ended

    def delete_ended(self, before: datetime) -> None:
        """Delete secrets that ended, or were begun and never confirmed, before then."""
        old = or_(
            TwoStepSecret.ended_at < before,
            NOT_ENDED & ~IS_ON & (TwoStepSecret.created_at < before),
        )
        self._db.execute(delete(TwoStepSecret).where(old))
