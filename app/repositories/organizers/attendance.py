from collections.abc import Sequence

from sqlalchemy import func, select

from app.database.differences import quarter_of
from app.domain.ids import EventId
from app.domain.organizers.attendance import ScanCount
from app.models.checkin.check_ins import CheckIn
from app.repositories.base import Repository, filled, table_of

C = table_of(CheckIn).c


class AttendanceRepository(Repository):
    def scans(self, event_id: EventId) -> Sequence[ScanCount]:
        """Every scan of the event, counted by when it happened, gate and what was said to it."""
        quarter = quarter_of(self._connection, C.scanned_at).label("quarter")
        is_undone = C.undone_at.is_not(None).label("is_undone")
        statement = (
            select(quarter, C.gate, C.reason, is_undone, func.count().label("scans"))
            .where(C.event_id == event_id)
            .group_by(quarter, C.gate, C.reason, is_undone)
            .order_by(quarter, C.gate.is_(None), C.gate, C.reason)
        )
        return [filled(ScanCount, row) for row in self._run(statement)]
