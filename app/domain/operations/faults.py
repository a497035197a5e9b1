"""Points at which the process can be made to die, to show that nothing is lost there.

One point is armed by the setting ``FAULT_POINT``, which production refuses. A process that is not
being tried out pays one comparison at each.
"""

import os
import signal
from enum import StrEnum


class FaultPoint(StrEnum):
    """Where a process may die, in the order a sale comes by."""

    HOLD_WRITTEN = "hold-written"
    """An order is written with its places, and not committed."""
    ANSWER_KEPT = "answer-kept"
    """A call made in one step is committed with its answer, which was not sent."""
    KEY_CLAIMED = "key-claimed"
    """A call made in several steps has its key; its work has not begun."""
    CHARGE_UNSENT = "charge-unsent"
    """A payment is stored; the provider has not heard of it."""
    CHARGE_UNSTORED = "charge-unstored"
    """The provider has opened the charge; its page is not stored."""
    CHARGE_STORED = "charge-stored"
    """The page is stored; the caller has not heard of it."""
    WEBHOOK_WRITTEN = "webhook-written"
    """A webhook is written, and not committed."""
    WEBHOOK_KEPT = "webhook-kept"
    """A webhook is committed, neither answered nor acted on."""
    TICKETS_WRITTEN = "tickets-written"
    """An order is paid and has its tickets, nothing of it committed, its mail not promised."""
    SALE_SETTLED = "sale-settled"
    """An order is paid, its tickets committed, its mail not sent."""
    MAIL_SENT = "mail-sent"
    """The mail server has a mail; that it was sent is not stored."""
    REFUND_UNSTORED = "refund-unstored"
    """The provider has taken a refund; its answer is not stored."""
    SCAN_KEPT = "scan-kept"
    """A scan at the door is committed with its verdict, which was not sent."""
    EXPORT_HALF = "export-half"
    """A piece of an export is written; others follow."""
    EXPORT_KEPT = "export-kept"
    """The file of an export is kept; that it is ready is not stored."""
    HOLD_RELEASED = "hold-released"
    """The sweep has put an order's places back on sale, and not committed it."""


_armed: FaultPoint | None = None


def arm(point: FaultPoint | None) -> None:
    """Let this process die at the point, at once and without any farewell; ``None``: nowhere."""
    global _armed
    _armed = point


def reach(point: FaultPoint) -> None:
    """Die here, if this is the point."""
    if point is _armed:
        os.kill(os.getpid(), signal.SIGKILL)
