"""A scan, online or not, and whether its code may pass."""

from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.actors import Actor
from app.domain.checkin.doors import (
    TOLERANCE,
    Direction,
    DoorEvent,
    ScanReason,
    TicketAtDoor,
    Verdict,
    barred,
    stopped,
)
from app.domain.ports import TicketSigner
from app.domain.tickets.ticket_codes import CodeForged, CodeUnreadable, is_typed, typed
from app.models.checkin.check_ins import CheckIn
from app.repositories.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Presented:
    """The ticket behind a code. Without one there is a refusal."""

    ticket: TicketAtDoor | None
    version: int | None
    """Of the code; ``None`` if there is no ticket."""
    refusal: ScanReason | None = None
    is_guess: bool = False
    """It was a short code of no ticket at all: a typing error, or a guess."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScannedCodes:
    """Reads codes and finds their tickets."""

    signer: TicketSigner

    def present(self, work: UnitOfWork, code: str, event: DoorEvent) -> Presented:
        """The ticket behind the code, if it is one of this event.

        Of a ticket of another event nothing is told: it is not this actor's business.
        """
        if is_typed(code):
            ticket = work.gates.ticket_by_code(typed(code))
            if ticket is None:
                return Presented(None, None, ScanReason.UNKNOWN_CODE, is_guess=True)
            return _of_event(Presented(ticket, ticket.version), event)
        try:
            facts = self.signer.read(code)
        except CodeForged:
            return Presented(None, None, ScanReason.FORGED)
        except CodeUnreadable:
            return Presented(None, None, ScanReason.UNKNOWN_CODE)
        if facts.event_id != event.id:
            return Presented(None, None, ScanReason.WRONG_EVENT)
        ticket = work.gates.ticket(facts.ticket_id)
        if ticket is None:
            return Presented(None, None, ScanReason.UNKNOWN_CODE)
        found = _of_event(Presented(ticket, facts.version), event)
        if found.version == ticket.version and ticket.code != facts.short_code:
            # The number was given anew, as after a lost database: this code is none of the ticket.
            return Presented(None, None, ScanReason.UNKNOWN_CODE)
        return found


def _of_event(found: Presented, event: DoorEvent) -> Presented:
    if found.ticket is not None and found.ticket.event_id != event.id:
        return Presented(None, None, ScanReason.WRONG_EVENT)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """A code that was held before a scanner.

    ``scan_id`` is the scanner's own id for it, the same each time it is uploaded.
    """

    scan_id: str
    code: str
    direction: Direction = Direction.IN
    gate: str | None = None
    scanned_at: datetime | None = None
    """By the scanner's clock; ``None``: now."""
    door_verdict: Verdict | None = None
    """The verdict of an offline scanner; ``None``: the scan is online."""
    door_reason: ScanReason | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """All that a verdict follows from."""

    event: DoorEvent
    actor: Actor
    scan: Scan
    found: Presented
    now: datetime

    @property
    def at(self) -> datetime:
        """When it happened: by the scanner's clock, unless that cannot be right."""
        at = self.scan.scanned_at or self.now
        is_offline = self.scan.door_verdict is not None
        if at > self.now or (at < self.now - TOLERANCE and not is_offline):
            return self.now
        return at

    @property
    def barred(self) -> ScanReason | None:
        """Why the code may not pass, whatever the ticket's other scans."""
        ticket, version = self.found.ticket, self.found.version
        if ticket is None or version is None:
            return self.found.refusal
        return barred(
            ticket, self.event, version=version, direction=self.scan.direction, at=self.at
        )

    @property
    def refusal(self) -> ScanReason | None:
        """Why the code may not pass, as far as can be told without locking the ticket."""
        if self.found.ticket is None:
            return self.found.refusal
        return self.barred or stopped(self.found.ticket, self.event, self.scan.direction)

    def again(self, work: UnitOfWork) -> "Visit":
        """The same with the event and the ticket as they are now."""
        event = work.gates.event(self.event.id)
        found = self.found
        if found.ticket is not None:
            found = replace(found, ticket=work.gates.ticket(found.ticket.id))
        return replace(self, event=event, found=found)

    def check_in(self, refusal: ScanReason | None) -> CheckIn:
        """The row to keep. A ``refusal`` of ``None`` lets pass."""
        ticket, scan = self.found.ticket, self.scan
        passes = ScanReason.ADMITTED if scan.direction == Direction.IN else ScanReason.LEFT
        # What a scanner refused while it was offline was not measured against this entry.
        asks = scan.door_verdict is None and refusal == ScanReason.ALREADY_USED
        entry_id = ticket.entry_id if ticket and asks else None
        return CheckIn(
            event_id=self.event.id,
            ticket_id=ticket.id if ticket else None,
            ticket_version=self.found.version,
            scan_id=scan.scan_id,
            direction=scan.direction,
            verdict=Verdict.ACCEPTED if refusal is None else Verdict.REFUSED,
            reason=refusal or passes,
            gate=scan.gate or self.actor.gate,
            device_id=self.actor.device_id,
            user_id=self.actor.user_id,
            scanned_at=self.at,
            received_at=self.now,
            door_verdict=scan.door_verdict,
            entry_id=entry_id,
        )
