"""Check-ins: scanning tickets at the door, and what was said to each scan."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.domain.actors import Actor
from app.domain.admins.actions import About, AdminActionKind, AdminSubject
from app.domain.checkin.check_ins import CheckInListing
from app.domain.checkin.doors import Direction, DoorEvent, ScanReason, Verdict, words
from app.domain.errors import Busy, CheckInNotUndoable, TicketNotFound
from app.domain.ids import CheckInId, EventId, TicketId
from app.domain.operations import faults
from app.domain.operations.faults import FaultPoint
from app.domain.paging import Cursor, Page
from app.domain.permissions import Action
from app.domain.ports import Clock
from app.domain.tickets.ticket_codes import is_typed
from app.domain.users.attempts import UNKNOWN_CLIENT, ClientAddress
from app.models.checkin.check_ins import CheckIn
from app.repositories.database import Database
from app.repositories.unit_of_work import UnitOfWork
from app.services.checkin.access import CheckInAccess
from app.services.checkin.scans import Presented, Scan, ScannedCodes, Visit
from app.services.checkin.timelines import last_counting, settle
from app.services.operations.code_guesses import SHORT_CODES


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said to a scan."""

    check_in: CheckInListing
    time_zone: str
    is_repeat: bool = False
    """The scan was known: nothing was counted again."""

    @property
    def message(self) -> str:
        """The reason in plain words."""
        return words(self.check_in.reason, self.check_in.entry, time_zone=self.time_zone)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckInService:
    """Admits each ticket once, and keeps the verdict of every scan."""

    database: Database
    clock: Clock
    codes: ScannedCodes
    access: CheckInAccess

    def scan(
        self, *, event_id: EventId, actor: Actor, scan: Scan, client: ClientAddress = UNKNOWN_CLIENT
    ) -> Answer:
        """Check a ticket in, and store the verdict. A bad ticket is a verdict, no refusal.

        All that can be known before is found out before the transaction, which is three short
        statements long; the ticket's row decides in it. Short codes of no ticket are counted.

        Raises:
            EventNotFound: the actor may not check tickets of the event.
            TooManyGuesses: of a short code, after too many of no ticket; QR codes go on.
        """
        now = self.clock.now()
        counters = SHORT_CODES.counters(actor.name, event_id, client)
        with self.database.reading() as work:
            event = self.access.event(work, event_id, actor, Action.CHECK_IN)
            if is_typed(scan.code):
                SHORT_CODES.ensure_may_try(work, counters, now=now)
            found = self.codes.present(work, scan.code, event)
        visit = Visit(event, actor, scan, found, now)
        with self.database.writing() as work:
            kept = _keep(work, visit)
            if kept is not None and found.is_guess:
                SHORT_CODES.count_wrong(work, counters, now=now)
        return self._answer(visit, kept)

    def admit(
        self,
        *,
        event_id: EventId,
        actor: Actor,
        ticket_id: TicketId,
        scan_id: str,
        gate: str | None,
    ) -> Answer:
        """Check in a ticket that a person at the gate found by its holder's name; as ``scan``.

        Raises:
            EventNotFound: the actor may not check tickets of the event.
            TicketNotFound: the event has no such ticket.
        """
        with self.database.reading() as work:
            event = self.access.event(work, event_id, actor, Action.CHECK_IN)
            ticket = work.gates.ticket(ticket_id)
        if ticket is None or ticket.event_id != event_id:
            raise TicketNotFound(ticket_id)
        scan = Scan(scan_id=scan_id, code=ticket.code, gate=gate)
        found = Presented(ticket, ticket.version)
        visit = Visit(event, actor, scan, found, self.clock.now())
        with self.database.writing() as work:
            kept = _keep(work, visit)
        return self._answer(visit, kept)

    def show(self, *, event_id: EventId, actor: Actor, check_in_id: CheckInId) -> Answer:
        """One scan and what was said to it, as it is by now.

        Raises:
            EventNotFound: the actor may not check tickets of the event.
            CheckInNotFound: the event has no such check-in.
        """
        with self.database.reading() as work:
            event = self.access.event(work, event_id, actor, Action.SEE_ATTENDEES)
            found = work.check_ins.get(event_id, check_in_id)
        return Answer(seen_by(actor, found), event.time_zone)

    def _answer(self, visit: Visit, kept: CheckInListing | None) -> Answer:
        """What is said to a scan that was kept now; ``None``: it was known before."""
        if kept is not None:
            faults.reach(FaultPoint.SCAN_KEPT)
            return Answer(kept, visit.event.time_zone)
        with self.database.reading() as work:
            first = work.check_ins.get_scan(visit.event.id, visit.scan.scan_id)
        return Answer(seen_by(visit.actor, first), visit.event.time_zone, is_repeat=True)

    def undo(
        self, *, event_id: EventId, actor: Actor, check_in_id: CheckInId, reason: str
    ) -> Answer:
        """Take an accepted check-in back, as when the wrong button was pressed.

        If an offline scanner had admitted another holder of the ticket, that check-in counts
        from now on.

        Raises:
            EventNotFound: the actor may not check tickets of the event.
            CheckInNotFound: the event has no such check-in.
            CheckInNotUndoable: it is a refusal, undone, or others of its ticket came after it.
        """
        now = self.clock.now()
        with self.database.writing() as work:
            event = self.access.event(work, event_id, actor, Action.CHECK_IN)
            check_in = work.check_ins.get(event_id, check_in_id)
            by = actor.user_id
            if check_in.ticket_id is None or by is None:
                raise CheckInNotUndoable(check_in_id)
            work.gates.take(check_in.ticket_id)
            if last_counting(work, check_in.ticket_id, reentry=event.reentry) != check_in_id:
                raise CheckInNotUndoable(check_in_id)
            work.check_ins.undo(check_in_id, by=by, why=reason, now=now)
            holder_id = work.tickets.get(check_in.ticket_id).user_id
            about = About(AdminSubject.TICKET, check_in.ticket_id, holder_id)
            kind = AdminActionKind.CHECK_IN_UNDONE
            work.admin_actions.note_if_admin(actor, kind, about, now=now, reason=reason)
            settle(work, check_in.ticket_id, reentry=event.reentry)
            return Answer(work.check_ins.get(event_id, check_in_id), event.time_zone)

    def page(
        self,
        *,
        event_id: EventId,
        actor: Actor,
        verdict: Verdict | None,
        ticket_id: TicketId | None,
        after: Cursor | None,
        limit: int,
    ) -> Page[Answer]:
        """One page of the event's scans, the newest first; for a scanner without names.

        Raises:
            EventNotFound: the actor may not check tickets of the event.
        """
        with self.database.reading() as work:
            event = self.access.event(work, event_id, actor, Action.SEE_ATTENDEES)
            page = work.check_ins.page(
                event_id, verdict=verdict, ticket_id=ticket_id, after=after, limit=limit
            )
        return Page(answers(page.items, event, actor), page.next)


def answers(check_ins: Sequence[CheckInListing], event: DoorEvent, actor: Actor) -> list[Answer]:
    """What was said to each; a scanner is not told the names."""
    shown = [unnamed(check_in) if actor.is_scanner else check_in for check_in in check_ins]
    return [Answer(check_in, event.time_zone) for check_in in shown]


def seen_by(actor: Actor, check_in: CheckInListing) -> CheckInListing:
    """A known scan, with the name only for the scanner that scanned it, and for people."""
    is_of_another = actor.is_scanner and check_in.device_id != actor.device_id
    return unnamed(check_in) if is_of_another else check_in


def unnamed(check_in: CheckInListing) -> CheckInListing:
    """The scan without the name on the ticket."""
    return replace(check_in, attendee_name=None)


def _keep(work: UnitOfWork, visit: Visit) -> CheckInListing | None:
    """Keep the scan, and let pass if nothing is against it; ``None``: the scan is known."""
    refusal, ticket, version = visit.refusal, visit.found.ticket, visit.found.version
    check_in = visit.check_in(refusal)
    if refusal is None and ticket is not None and version is not None:
        return _let_pass(work, visit, check_in, ticket.id, version)
    check_in_id = work.check_ins.record(check_in)
    return None if check_in_id is None else _listing(check_in_id, check_in, visit)


def _let_pass(
    work: UnitOfWork, visit: Visit, check_in: CheckIn, ticket_id: TicketId, version: int
) -> CheckInListing | None:
    """Keep the scan, and let pass if the ticket's row allows it: here the database decides."""
    work.gates.take(ticket_id)
    check_in_id = work.check_ins.record_move(check_in)
    if check_in_id is None:
        return None
    if check_in.direction == Direction.OUT:
        may_pass = work.gates.leave(ticket_id, version=version)
    else:
        may_pass = work.gates.admit(
            ticket_id, version=version, at=check_in.scanned_at, entry_id=check_in_id
        )
    if may_pass:
        return _listing(check_in_id, check_in, visit)
    now = visit.again(work)
    if now.refusal is None or now.found.ticket is None:
        # The event was changed twice in this very moment; asking again settles it.
        raise Busy
    entry_id = now.found.ticket.entry_id if now.refusal == ScanReason.ALREADY_USED else None
    work.check_ins.rule(check_in_id, Verdict.REFUSED, now.refusal, entry_id)
    return work.check_ins.get_scan(visit.event.id, visit.scan.scan_id)


def _listing(check_in_id: CheckInId, check_in: CheckIn, visit: Visit) -> CheckInListing:
    """What the list shows of a check-in that was just kept."""
    ticket = visit.found.ticket
    entry = ticket.entry if ticket and check_in.entry_id is not None else None
    return CheckInListing(
        id=check_in_id,
        scan_id=check_in.scan_id,
        verdict=check_in.verdict,
        reason=check_in.reason,
        direction=check_in.direction,
        gate=check_in.gate,
        scanned_at=check_in.scanned_at,
        received_at=check_in.received_at,
        door_verdict=check_in.door_verdict,
        device_id=check_in.device_id,
        user_id=check_in.user_id,
        undone_at=None,
        undo_reason=None,
        ticket_id=ticket.id if ticket else None,
        ticket_type=ticket.ticket_type if ticket else None,
        attendee_name=ticket.attendee_name if ticket else None,
        entry_at=entry.at if entry else None,
        entry_gate=entry.gate if entry else None,
    )
