"""Exports that take long: prepared in the background, downloaded by who asked for them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import structlog

from app.domain.errors import (
    EventNotFound,
    ExportNotFound,
    ExportNotReady,
    NotFound,
    OrganizationRoleMissing,
    TooManyExports,
)
from app.domain.ids import EventId, ExportId
from app.domain.operations.faults import FaultPoint, reach
from app.domain.operations.leases import Lease, LeaseLost
from app.domain.organizers.exports import (
    ACTIONS,
    DAY,
    MOST_IN_A_DAY,
    ExportFormat,
    ExportKind,
    ExportState,
)
from app.domain.paging import Cursor
from app.domain.ports import Clock, PrivateFiles, WorkSignal
from app.domain.states import OutboxKind
from app.models.events.events import Event
from app.models.organizers.export_jobs import ExportJob
from app.models.users.users import User
from app.repositories.database import Database
from app.repositories.unit_of_work import UnitOfWork
from app.services.operations.item_runner import ItemRunner, KeepGoing, always
from app.services.organizers.exports import TABLES, file_of

log = structlog.get_logger(__name__)

LEASE: Final = timedelta(minutes=1)
"""Renewed with each piece; so long after its death another worker begins an export again."""

MOST_ATTEMPTS: Final = 6
"""With the waits between them, about two hours."""

ROWS_AT_ONCE: Final = 500
SHOWN: Final = 10
BATCH: Final = 100
ORPHANED_AFTER: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Download:
    """A prepared file."""

    job: ExportJob
    pieces: Iterator[bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportJobService:
    """Prepares exports for members, who lose them with the right to the event.

    Attributes:
        database: where the rows are, and the jobs.
        clock: tells the time.
        files: where the files are kept.
        signal: wakes the worker.
        keep: how long a file is kept.
        rest: pause behind each piece, in which buyers come first.
        rows_at_once: rows of a piece.
    """

    database: Database
    clock: Clock
    files: PrivateFiles
    signal: WorkSignal
    keep: timedelta
    rest: timedelta = timedelta(milliseconds=30)
    rows_at_once: int = ROWS_AT_ONCE

    def request(
        self, *, event_id: EventId, organizer: User, kind: ExportKind, form: ExportFormat
    ) -> ExportJob:
        """Have an export prepared; the same one that is not ready yet is not begun twice.

        Raises:
            EventNotFound: there is none, or it is another organization's.
            OrganizationRoleMissing: the caller's role there does not allow it.
            TooManyExports: the caller has asked for too many today.
        """
        now = self.clock.now()
        with self.database.writing() as work:
            # Locked: of two calls at once the second finds what the first one asked for.
            work.event_access.lock_for_actor(organizer.actor, event_id, ACTIONS[kind])
            known = work.export_jobs.find_unfinished(organizer.id, event_id, kind, form)
            if known is not None:
                return known
            count, first = work.export_jobs.requested_since(organizer.id, now - DAY)
            if count >= MOST_IN_A_DAY and first is not None:
                raise TooManyExports(first + DAY - now)
            job = ExportJob(
                event_id=event_id,
                requested_by=organizer.id,
                kind=kind,
                form=form,
                state=ExportState.WAITING,
                requested_at=now,
                work_at=now,
                expires_at=now + self.keep,
            )
            work.export_jobs.add(job)
        self.signal.wake()
        return job

    def get(self, *, export_id: ExportId, member: User) -> ExportJob:
        """An export the caller has asked for, as long as it may.

        Raises:
            ExportNotFound: there is none, another account's, or the right to it is lost.
        """
        with self.database.reading() as work:
            return self._get(work, export_id, member)

    def latest(self, *, event_id: EventId, member: User) -> Sequence[ExportJob]:
        """The caller's last exports of the event, the newest first.

        Raises:
            EventNotFound: there is none, or it is another organization's.
        """
        with self.database.reading() as work:
            _, rights = work.event_access.with_rights(member.actor, event_id)
            if not rights.is_member:
                raise EventNotFound(event_id)
            found = work.export_jobs.latest_of(
                member.id, event_id, now=self.clock.now(), limit=SHOWN
            )
            return [job for job in found if rights.may(ACTIONS[job.kind])]

    def open(self, *, export_id: ExportId, member: User) -> Download:
        """The file of an export.

        Raises:
            ExportNotFound: there is none, another account's, or the right to it is lost.
            ExportNotReady: it is not written yet, or was given up.
            FilesUnavailable: the file cannot be read.
        """
        with self.database.reading() as work:
            job = self._get(work, export_id, member)
        if job.state != ExportState.READY or job.file is None:
            raise ExportNotReady(export_id, job.state)
        return Download(job, self.files.load(job.file))

    def write_due(self, *, limit: int = 20, keep_going: KeepGoing = always) -> int:
        """Write the exports that wait; tell how many were tried."""
        return ItemRunner(self.database, self.clock).each_leased(
            "exports",
            lambda work, now: work.export_jobs.take(now=now, lasts=LEASE),
            self._write,
            lambda lease, work, at: work.export_jobs.retry(lease, at=at),
            limit=limit,
            keep_going=keep_going,
        )

    def clean_up(self) -> None:
        """Delete what has been kept for long enough, and files that no export knows."""
        now = self.clock.now()
        while True:
            with self.database.writing() as work:
                deleted = work.export_jobs.delete_expired(now=now, limit=BATCH)
            for file in filter(None, deleted):
                self.files.delete(file)
            if len(deleted) < BATCH:
                break
        names = list(self.files.names(before=now - ORPHANED_AFTER))
        for start in range(0, len(names), BATCH):
            some = names[start : start + BATCH]
            with self.database.reading() as work:
                known = work.export_jobs.files_among(some)
            for name in set(some) - known:
                self.files.delete(name)

    def _get(self, work: UnitOfWork, export_id: ExportId, member: User) -> ExportJob:
        job = work.export_jobs.get_of(member.id, export_id)
        if job.expires_at <= self.clock.now() or _event_of(work, job, member) is None:
            raise ExportNotFound(export_id)
        return job

    def _write(self, lease: Lease) -> None:
        with self.database.reading() as work:
            job = work.export_jobs.get(lease.row_id)
            event = _event_of(work, job, work.users.get(job.requested_by))
            expected = work.exports.count(job.kind, job.event_id)
        if event is None or job.attempts > MOST_ATTEMPTS:
            self._end(lease, job)
            return
        # Each attempt has a file of its own: none writes into another's.
        name = f"export-{job.id}-{lease.token}.{job.form}"
        size = self.files.save(name, self._pieces(lease, job, event.time_zone, expected))
        reach(FaultPoint.EXPORT_KEPT)
        try:
            self._end(lease, job, file=name, size=size)
        except LeaseLost:
            self.files.delete(name)
            raise

    def _pieces(
        self, lease: Lease, job: ExportJob, time_zone: str, expected: int
    ) -> Iterator[bytes]:
        """The file, while it is noted how far it is.

        Raises:
            LeaseLost: another worker has begun it again.
        """
        table, rows = TABLES[job.kind], 0
        after: Cursor | None = None
        file = file_of(job.kind, job.form, time_zone=time_zone)
        try:
            yield file.begin()
            while True:
                with self.database.reading() as work:
                    page_of = table.page_in(work)
                    page = page_of(job.event_id, after=after, limit=self.rows_at_once)
                yield file.add(page.items)
                rows, after = rows + len(page.items), page.next
                with self.database.writing() as work:
                    work.export_jobs.note(
                        lease,
                        rows=rows,
                        rows_expected=max(expected, rows),
                        now=self.clock.now(),
                        lasts=LEASE,
                    )
                reach(FaultPoint.EXPORT_HALF)
                if after is None:
                    break
                self.signal.wait(self.rest, heard=self.signal.times)
            yield file.end()
        finally:
            file.close()

    def _end(self, lease: Lease, job: ExportJob, *, file: str | None = None, size: int = 0) -> None:
        """Keep the file, or without one give up, and tell who waits."""
        now = self.clock.now()
        with self.database.writing() as work:
            if file is None:
                work.export_jobs.fail(lease, now=now)
            else:
                until = now + self.keep
                work.export_jobs.finish(lease, file=file, size=size, now=now, expires_at=until)
            work.outbox.enqueue_once(OutboxKind.EXPORT_DONE, job.id, event_id=job.event_id, now=now)
        self.signal.wake()
        log.info("export ended", export=job.id, kind=job.kind, form=job.form, size=size)


def _event_of(work: UnitOfWork, job: ExportJob, member: User) -> Event | None:
    """The event, if the member may have the file now."""
    try:
        return work.event_access.for_actor(member.actor, job.event_id, ACTIONS[job.kind])
    except (NotFound, OrganizationRoleMissing):
        return None
