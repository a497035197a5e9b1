"""What scanners did while they were offline, told afterwards in any order, and more than once."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from app.domain.actors import Actor
from app.domain.checkin.doors import REFUSALS, ScanReason, Verdict
from app.domain.errors import EventNotFound
from app.domain.ids import EventId, TicketId
from app.domain.permissions import Action
from app.domain.ports import Clock
from app.domain.tickets.ticket_codes import is_typed
from app.domain.users.attempts import UNKNOWN_CLIENT, ClientAddress
from app.repositories.database import Database
from app.repositories.unit_of_work import UnitOfWork
from app.services.checkin.access import CheckInAccess
from app.services.checkin.check_ins import Answer, answers, seen_by
from app.services.checkin.scans import Scan, ScannedCodes, Visit
from app.services.checkin.timelines import settle
from app.services.operations.code_guesses import SHORT_CODES


@dataclass(frozen=True, slots=True, kw_only=True)
class OfflineScanService:
    """Takes in what scanners say they did, and tells where two admitted the same ticket."""

    database: Database
    clock: Clock
    codes: ScannedCodes
    access: CheckInAccess

    def upload(
        self,
        *,
        event_id: EventId,
        actor: Actor,
        scans: Sequence[Scan],
        client: ClientAddress = UNKNOWN_CLIENT,
    ) -> Sequence[Answer]:
        """Keep the scans, and rule on the tickets they are about; the verdict on each, in order.

        Each ticket is a transaction of its own, so online scans do not wait. A scan that is known
        changes nothing, so a client that got no answer sends all of them again.

        Raises:
            EventNotFound: the actor may not check tickets of the event.
            TooManyGuesses: a new scan is of a short code, and too many were of no ticket.
        """
        now = self.clock.now()
        counters = SHORT_CODES.counters(actor.name, event_id, client)
        seen: set[str] = set()
        with self.database.reading() as work:
            event = self.access.event(work, event_id, actor, Action.CHECK_IN)
            known = work.check_ins.find_all(event_id, [scan.scan_id for scan in scans])
            if any(is_typed(scan.code) for scan in scans if scan.scan_id not in known):
                SHORT_CODES.ensure_may_try(work, counters, now=now)
            visits: dict[TicketId | None, list[Visit]] = defaultdict(list)
            for scan in scans:
                if scan.scan_id not in known and scan.scan_id not in seen:
                    seen.add(scan.scan_id)
                    found = self.codes.present(work, scan.code, event)
                    ticket_id = found.ticket.id if found.ticket else None
                    visits[ticket_id].append(Visit(event, actor, scan, found, now))
        for ticket_id, of_ticket in sorted(visits.items(), key=lambda item: item[0] or 0):
            with self.database.writing() as work:
                _keep(work, ticket_id, of_ticket)
                if guesses := sum(visit.found.is_guess for visit in of_ticket):
                    # Those beyond the last try are kept all the same: the door decided long ago.
                    work.attempts.count(counters, now=now, times=guesses)
        with self.database.reading() as work:
            kept = work.check_ins.find_all(event_id, [scan.scan_id for scan in scans])
        if any(scan.scan_id not in kept for scan in scans):
            raise EventNotFound(event_id)  # deleted, and all that was kept of it
        return [
            Answer(
                seen_by(actor, kept[scan.scan_id]), event.time_zone, is_repeat=scan.scan_id in known
            )
            for scan in scans
        ]

    def conflicts(self, *, event_id: EventId, actor: Actor) -> Sequence[Sequence[Answer]]:
        """Of each ticket a scanner wrongly let pass while offline: every scan that let it pass.

        A scanner is not told the names.

        Raises:
            EventNotFound: the actor may not check tickets of the event.
        """
        with self.database.reading() as work:
            event = self.access.event(work, event_id, actor, Action.CHECK_IN)
            found = answers(work.check_ins.in_conflict(event_id), event, actor)
        by_ticket = groupby(found, key=lambda answer: answer.check_in.ticket_id)
        return [list(of_ticket) for _, of_ticket in by_ticket]


def _keep(work: UnitOfWork, ticket_id: TicketId | None, visits: Sequence[Visit]) -> None:
    """Keep scans of one ticket, or of none, behind the ticket's lock."""
    may_count = False
    record = work.check_ins.record
    if ticket_id is not None:
        work.gates.take(ticket_id)
        record = work.check_ins.record_move
    for visit in visits:
        known_now = visit if ticket_id is None else visit.again(work)
        refusal = _refusal(known_now)
        is_new = record(known_now.check_in(refusal)) is not None
        may_count = may_count or (is_new and refusal is None)
    if may_count and ticket_id is not None:
        settle(work, ticket_id, reentry=visits[0].again(work).event.reentry)


def _refusal(visit: Visit) -> ScanReason | None:
    """Why the scan cannot count, other scans aside. Whom the scanner sent away did not come in."""
    if visit.scan.door_verdict == Verdict.REFUSED:
        said = visit.scan.door_reason
        return said if said in REFUSALS else visit.barred or ScanReason.UNKNOWN_CODE
    return visit.barred
