"""Codes that are scanned: what they say, and the tickets behind them."""

from dataclasses import dataclass

from app.domain.checkin.doors import DoorEvent, ScanReason, TicketAtDoor
from app.domain.ids import EventId, TicketId
from app.domain.ports import TicketSigner
from app.domain.tickets.ticket_codes import CodeForged, CodeUnreadable, typed
from app.repositories.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class ReadCode:
    """The content of a code that was read."""

    short_code: str | None = None
    ticket_id: TicketId | None = None
    event_id: EventId | None = None
    version: int | None = None
    refusal: ScanReason | None = None


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

    def read(self, code: str) -> ReadCode:
        """What the code says; no database is asked."""
        try:
            return ReadCode(short_code=typed(code))
        except CodeUnreadable:
            pass
        try:
            facts = self.signer.read(code)
        except CodeForged:
            return ReadCode(refusal=ScanReason.FORGED)
        except CodeUnreadable:
            return ReadCode(refusal=ScanReason.UNKNOWN_CODE)
        return ReadCode(facts.short_code, facts.ticket_id, facts.event_id, facts.version)

    def present(self, work: UnitOfWork, code: str, event: DoorEvent) -> Presented:
        """The ticket behind the code, if it is one of this event.

        Of a ticket of another event nothing is told: it is not this actor's business.
        """
        said = self.read(code)
        if said.refusal is not None:
            return Presented(None, None, said.refusal)
        if said.event_id not in (None, event.id):
            return Presented(None, None, ScanReason.WRONG_EVENT)
        if said.ticket_id is not None:
            ticket = work.gates.ticket(said.ticket_id)
        else:
            ticket = work.gates.ticket_by_code(said.short_code or "")
        if ticket is None:
            is_guess = said.ticket_id is None
            return Presented(None, None, ScanReason.UNKNOWN_CODE, is_guess=is_guess)
        if ticket.event_id != event.id:
            return Presented(None, None, ScanReason.WRONG_EVENT)
        version = ticket.version if said.version is None else said.version
        if ticket.code != said.short_code and version == ticket.version:
            # The number was given anew, as after a lost database: this code is none of the ticket.
            return Presented(None, None, ScanReason.UNKNOWN_CODE)
        return Presented(ticket, version)
