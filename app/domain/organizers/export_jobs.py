"""Exports that are prepared in the background."""

from datetime import timedelta
from enum import StrEnum
from typing import Final


class ExportState(StrEnum):
    """How a prepared export stands."""

    WAITING = "waiting"
    RUNNING = "running"
    READY = "ready"
    """Its file can be downloaded until it expires."""
    FAILED = "failed"
    """It was given up; ask for it anew."""


UNFINISHED: Final = (ExportState.WAITING, ExportState.RUNNING)

MOST_IN_A_DAY: Final = 50
DAY: Final = timedelta(days=1)
"""So many exports a member may have prepared in this time: each keeps a file for some days."""
