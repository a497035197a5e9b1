from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, or_, select, update

from app.domain.actors import Actor
from app.domain.errors import DeviceNotFound
from app.domain.ids import DeviceId, EventId
from app.models.checkin.scanning import ScannerDevice
from app.repositories.base import Repository, table_of

D: Final = ScannerDevice.__table__.c

BY_TOKEN: Final = select(D.id, D.event_id, D.gate, D.last_seen_at).where(
    D.token_hash == bindparam("token_hash"), D.revoked_at.is_(None)
)
SEEN_EVERY: Final = timedelta(minutes=1)
"""How often it is noted at most that a scanner was seen: a scan need not write twice."""


class DeviceRepository(Repository):
    def of_event(self, event_id: EventId) -> Sequence[ScannerDevice]:
        """In the order in which they were made, revoked ones too."""
        return self._db.scalars(
            select(ScannerDevice)
            .where(ScannerDevice.event_id == event_id)
            .order_by(ScannerDevice.created_at, ScannerDevice.id)
        ).all()

    def get(self, device_id: DeviceId) -> ScannerDevice:
        return self._db.get_one(ScannerDevice, device_id)

    def revoke(self, event_id: EventId, device_id: DeviceId, *, now: datetime) -> None:
        """End the scanner's token and its enrolment code.

        Raises:
            DeviceNotFound: the event has none of this id that was not revoked before.
        """
        gone = self._run(
            update(table_of(ScannerDevice))
            .where(D.id == device_id, D.event_id == event_id, D.revoked_at.is_(None))
            .values(revoked_at=now, enrolment_hash=None, token_hash=None)
            .returning(D.id)
        ).scalar()
        if gone is None:
            raise DeviceNotFound(device_id)

    def enrol(self, enrolment_hash: str, *, token_hash: str, now: datetime) -> DeviceId | None:
        """Exchange the one-time code for a token; ``None`` when the code is not good (any more)."""
        found: DeviceId | None = self._run(
            update(table_of(ScannerDevice))
            .where(
                D.enrolment_hash == enrolment_hash,
                D.enrolment_until > now,
                D.revoked_at.is_(None),
            )
            .values(enrolment_hash=None, token_hash=token_hash, enrolled_at=now, last_seen_at=now)
            .returning(D.id)
        ).scalar()
        return found

    def find_by_token(self, token_hash: str, *, now: datetime) -> tuple[Actor | None, bool]:
        """Whose token it is, and whether it is time to note that the scanner was seen."""
        row = self._run(BY_TOKEN, token_hash=token_hash).one_or_none()
        if row is None:
            return None, False
        actor = Actor(device_id=row.id, event_id=row.event_id, gate=row.gate)
        return actor, row.last_seen_at is None or row.last_seen_at <= now - SEEN_EVERY

    def see(self, device_id: DeviceId, *, now: datetime) -> None:
        """Note that the scanner was seen."""
        is_due = or_(D.last_seen_at.is_(None), D.last_seen_at <= now - SEEN_EVERY)
        self._run(
            update(table_of(ScannerDevice))
            .where(D.id == device_id, is_due)
            .values(last_seen_at=now)
        )
