from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from app.database.leases import renew_lease, store_leased, take_lease
from app.domain.errors import ExportNotFound
from app.domain.ids import EventId, ExportId, UserId
from app.domain.operations.leases import Lease
from app.domain.organizers.exports import UNFINISHED, ExportFormat, ExportKind, ExportState
from app.models.organizers.export_jobs import ExportJob
from app.repositories.base import Repository

LATEST = (ExportJob.requested_at.desc(), ExportJob.id.desc())


class ExportJobRepository(Repository):
    def get(self, export_id: int) -> ExportJob:
        """The export, for who works on it."""
        return self._db.get_one(ExportJob, export_id)

    def find(self, export_id: int) -> ExportJob | None:
        """The export; ``None``: it is deleted."""
        return self._db.get(ExportJob, export_id)

    def get_of(self, user_id: UserId, export_id: ExportId) -> ExportJob:
        """The export, if this account has asked for it.

        Raises:
            ExportNotFound: there is none, or another account has.
        """
        found = self._db.get(ExportJob, export_id)
        if found is None or found.requested_by != user_id:
            raise ExportNotFound(export_id)
        return found

    def latest_of(
        self, user_id: UserId, event_id: EventId, *, now: datetime, limit: int
    ) -> Sequence[ExportJob]:
        """What the account has asked for of the event and is still kept, the newest first."""
        statement = (
            select(ExportJob)
            .where(
                ExportJob.requested_by == user_id,
                ExportJob.event_id == event_id,
                ExportJob.expires_at > now,
            )
            .order_by(*LATEST)
            .limit(limit)
        )
        return self._db.scalars(statement).all()

    def find_unfinished(
        self, user_id: UserId, event_id: EventId, kind: ExportKind, form: ExportFormat
    ) -> ExportJob | None:
        """The same export, if the account waits for it already."""
        statement = (
            select(ExportJob)
            .where(
                ExportJob.requested_by == user_id,
                ExportJob.event_id == event_id,
                ExportJob.kind == kind,
                ExportJob.form == form,
                ExportJob.state.in_(UNFINISHED),
            )
            .order_by(*LATEST)
            .limit(1)
        )
        return self._db.scalar(statement)

    def requested_since(self, user_id: UserId, since: datetime) -> tuple[int, datetime | None]:
        """How many the account has asked for since then, and when the first of them."""
        statement = select(
            func.count().label("asked"), func.min(ExportJob.requested_at).label("first")
        ).where(ExportJob.requested_by == user_id, ExportJob.requested_at > since)
        row = self._db.execute(statement).one()
        return row.asked, row.first

    def take(self, *, now: datetime, lasts: timedelta) -> Lease | None:
        """The next export to write, for this worker alone; it is begun anew."""
        return take_lease(
            self._db,
            ExportJob,
            due_at=ExportJob.work_at,
            now=now,
            lasts=lasts,
            state=ExportState.RUNNING,
            attempts=ExportJob.attempts + 1,
            rows=0,
        )

    def note(
        self, lease: Lease, *, rows: int, rows_expected: int, now: datetime, lasts: timedelta
    ) -> Lease:
        """Note how far it is, and have the lease anew.

        Raises:
            LeaseLost: another worker has it.
        """
        return renew_lease(
            self._db,
            ExportJob,
            lease,
            now=now,
            lasts=lasts,
            work_at=now + lasts,
            rows=rows,
            rows_expected=rows_expected,
        )

    def finish(
        self, lease: Lease, *, file: str, size: int, now: datetime, expires_at: datetime
    ) -> None:
        """The file is kept.

        Raises:
            LeaseLost: another worker has it.
        """
        store_leased(
            self._db,
            ExportJob,
            lease,
            state=ExportState.READY,
            file=file,
            bytes=size,
            work_at=None,
            ended_at=now,
            expires_at=expires_at,
        )

    def fail(self, lease: Lease, *, now: datetime) -> None:
        """Give it up.

        Raises:
            LeaseLost: another worker has it.
        """
        store_leased(
            self._db, ExportJob, lease, state=ExportState.FAILED, work_at=None, ended_at=now
        )

    def retry(self, lease: Lease, *, at: datetime) -> None:
        """Begin it again then.

        Raises:
            LeaseLost: another worker has it.
        """
        store_leased(self._db, ExportJob, lease, state=ExportState.WAITING, work_at=at)

    def delete_expired(self, *, now: datetime, limit: int) -> Sequence[str | None]:
        """Forget exports whose time is over; tell the files of those that were deleted."""
        old = (
            select(ExportJob.id)
            .where(ExportJob.expires_at <= now)
            .order_by(ExportJob.expires_at)
            .limit(limit)
        )
        statement = (
            delete(ExportJob)
            .where(ExportJob.id.in_(old.scalar_subquery()))
            .returning(ExportJob.file)
        )
        return self._db.scalars(statement).all()

    def files_among(self, names: Iterable[str]) -> set[str]:
        """Which of these are files of exports that are kept."""
        statement = select(ExportJob.file).where(ExportJob.file.in_(list(names)))
        return {name for name in self._db.scalars(statement) if name is not None}
