"""Bringing a ticket and its check-ins in line with what is known of them by now."""

from app.domain.checkin.doors import ScanReason, Verdict
from app.domain.checkin.timelines import rule
from app.domain.ids import CheckInId, TicketId
from app.repositories.unit_of_work import UnitOfWork


def settle(work: UnitOfWork, ticket_id: TicketId, *, reentry: bool) -> None:
    """Rule on the scans of a locked ticket anew, and let the ticket say so. Once a transaction.

    Verdicts that were answered online stay. Only what scanners did while they were offline may
    turn out otherwise once another scanner tells of an earlier scan.
    """
    kept = {known.move.id: known for known in work.check_ins.moves(ticket_id)}
    rulings = rule([known.move for known in kept.values()], reentry=reentry)
    for ruling in rulings:
        known = kept[ruling.move.id]
        entry_id = ruling.entry.id if ruling.entry else None
        if known.move.is_answered or (known.reason, known.entry_id) == (ruling.reason, entry_id):
            continue
        verdict = Verdict.ACCEPTED if ruling.counts else Verdict.REFUSED
        work.check_ins.rule(known.move.id, verdict, ruling.reason, entry_id)
    counting = [ruling for ruling in rulings if ruling.counts]
    entries = [ruling.move.id for ruling in counting if ruling.reason == ScanReason.ADMITTED]
    work.gates.settle(
        ticket_id,
        used_at=kept[entries[-1]].scanned_at if entries else None,
        inside=bool(counting) and counting[-1].reason == ScanReason.ADMITTED,
        entry_id=entries[-1] if entries else None,
    )


def last_counting(work: UnitOfWork, ticket_id: TicketId, *, reentry: bool) -> CheckInId | None:
    """The last scan of a locked ticket that counts, if any does."""
    moves = [known.move for known in work.check_ins.moves(ticket_id)]
    counting = [ruling.move.id for ruling in rule(moves, reentry=reentry) if ruling.counts]
    return counting[-1] if counting else None
