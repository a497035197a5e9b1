from typing import Any, Final, Self

from pydantic import ConfigDict, Field

from app.domain.checkin.doors import Direction, DoorEvent, ScanReason, Verdict
from app.domain.ids import TicketId
from app.schemas.base import LocalOrUtc, Moment, RequestBody, ResponseBody
from app.schemas.checkin.check_ins import CheckInOut, Code, ScanId, TicketSeenOut
from app.schemas.checkin.devices import DoorEventOut, Gate
from app.schemas.checkin.keys import KeyOut
from app.services.checkin.check_ins import Answer
from app.services.checkin.manifests import Manifest

EXAMPLE: Final[dict[str, Any]] = {
    "scan_id": "phone-3-000018",
    "code": "8KQ2-M0XA-T7PZ-41RD",
    "direction": "in",
    "gate": "North",
    "scanned_at": "2030-06-01T18:12:07Z",
    "verdict": "refused",
    "reason": "unknown-code",
}


class OfflineScan(RequestBody):
    """An offline scan and the scanner's own verdict."""

    model_config = ConfigDict(str_strip_whitespace=False, json_schema_extra={"examples": [EXAMPLE]})

    scan_id: ScanId
    code: Code
    direction: Direction = Field(default=Direction.IN, strict=False)
    gate: Gate | None = None
    scanned_at: LocalOrUtc = Field(description="By the scanner's clock; UTC without an offset.")
    verdict: Verdict = Field(strict=False)
    reason: ScanReason | None = Field(
        default=None,
        strict=False,
        description="Why it was refused; `unknown-code` if left out. Of an accepted one it does "
        "not count.",
    )


class BatchRequest(RequestBody):
    """What a scanner did while it was offline."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"scans": [EXAMPLE]}]})

    scans: list[OfflineScan] = Field(
        min_length=1, max_length=100, description="In any order; sent again, they change nothing."
    )


class BatchOut(ResponseBody):
    """The verdicts, in the order of the scans."""

    results: list[CheckInOut]

    @classmethod
    def of(cls, answers: list[Answer]) -> Self:
        return cls(results=[CheckInOut.of(answer) for answer in answers])


class ConflictOut(ResponseBody):
    """A ticket that was let pass more often than it may, and every scan that did."""

    ticket: TicketSeenOut | None
    scans: list[CheckInOut]

    @classmethod
    def of(cls, answers: list[Answer]) -> Self:
        scans = [CheckInOut.of(answer) for answer in answers]
        return cls(ticket=scans[0].ticket, scans=scans)


class ManifestEventOut(DoorEventOut):
    """The event whose tickets are in the manifest."""

    closes_at: Moment = Field(description="From when on no ticket is admitted.")
    cancelled: bool

    @classmethod
    def of(cls, event: DoorEvent) -> Self:
        return cls.from_fields(event, cancelled=event.cancelled_at is not None)


class ManifestEntryOut(ResponseBody):
    """A ticket in a box that only its code opens; how is told in docs/door.md."""

    id: str = Field(description="What the ticket's code makes of itself: 16 bytes in base64url.")
    box: str = Field(description="Nonce, encrypted record and tag in base64url.")


class ManifestOut(ResponseBody):
    """Every valid ticket, each entry encrypted under the ticket's own code."""

    revision: str
    made_at: Moment
    event: ManifestEventOut
    keys: list[KeyOut] = Field(description="What codes are signed with.")
    entries: list[ManifestEntryOut]

    @classmethod
    def of(cls, manifest: Manifest) -> "ManifestOut":
        # model_construct: ten thousand boxes of our own making need no second look.
        entry = ManifestEntryOut.model_construct
        return cls.model_construct(
            revision=manifest.revision,
            made_at=manifest.made_at,
            event=ManifestEventOut.of(manifest.event),
            keys=[KeyOut.of(key) for key in manifest.keys],
            entries=[entry(id=label, box=box) for label, box in manifest.boxes],
        )


class RevocationOut(ResponseBody):
    """Codes of this ticket up to this version open nothing."""

    ticket_id: TicketId
    version: int
    reason: ScanReason = Field(description="`refunded`, `revoked`, `replaced` or `already-used`.")


class RevocationsOut(ResponseBody):
    """The codes of the event that open nothing (any more)."""

    revision: str
    tickets: list[RevocationOut]
