from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.checkin.doors import Direction, ScanReason, Verdict
from app.domain.ids import CheckInId, DeviceId, EventId, TicketId, UserId
from app.models.base import Base, Id, as_text, id_column


class CheckIn(Base):
    """One scan at the door and what was said to it, a refusal too.

    ``scan_id`` is the scanner's own name for the scan: the same one again is the same scan.
    ``scanned_at`` is when it happened, by the scanner's clock if it was offline.
    """

    __tablename__ = "check_ins"
    __table_args__ = (
        UniqueConstraint("event_id", "scan_id"),
        Index("ix_check_ins_event_id_received_at_id", "event_id", "received_at", "id"),
        Index("uq_check_ins_ticket_id_move_number", "ticket_id", "move_number", unique=True),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[CheckInId] = id_column()
    event_id: Mapped[EventId] = mapped_column(Id, ForeignKey("events.id", ondelete="CASCADE"))
    ticket_id: Mapped[TicketId | None] = mapped_column(Id, ForeignKey("tickets.id"))
    move_number: Mapped[int | None] = mapped_column(Integer)
    """Which of its ticket's scans it is, counted under the ticket's lock. ``None``: it was refused
    without a look at the ticket's other scans, and counts for nothing."""
    ticket_version: Mapped[int | None] = mapped_column(Integer)
    scan_id: Mapped[str] = mapped_column(String(64))
    direction: Mapped[Direction] = mapped_column(as_text(Direction))
    verdict: Mapped[Verdict] = mapped_column(as_text(Verdict))
    reason: Mapped[ScanReason] = mapped_column(as_text(ScanReason))
    gate: Mapped[str | None] = mapped_column(String(60))
    device_id: Mapped[DeviceId | None] = mapped_column(Id, ForeignKey("scanner_devices.id"))
    user_id: Mapped[UserId | None] = mapped_column(Id, ForeignKey("users.id"))
    scanned_at: Mapped[datetime]
    received_at: Mapped[datetime]
    door_verdict: Mapped[Verdict | None] = mapped_column(as_text(Verdict))
    """The verdict of a scanner that was offline; ``None``: the scan was online."""
    entry_id: Mapped[CheckInId | None] = mapped_column(Id)
    """The entry that stood in the way of this one."""
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[UserId | None] = mapped_column(Id, ForeignKey("users.id"))
    undo_reason: Mapped[str | None] = mapped_column(String(300))
