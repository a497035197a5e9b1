"""What a scanner needs to check tickets without a network, and does not give away when stolen."""

import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from app.domain.actors import Actor
from app.domain.checkin.attendees import GoodTicket
from app.domain.checkin.doors import DoorEvent, ScanReason
from app.domain.ids import EventId, TicketId
from app.domain.permissions import Action
from app.domain.ports import Clock, ManifestBoxes, PublicKey, TicketSigner
from app.domain.states import TicketStatus
from app.repositories.database import Database
from app.services.checkin.access import CheckInAccess

EVENTS_KEPT: Final = 8
"""Events whose boxes this process keeps: a night has few, and 10,000 boxes are some 5 MB."""

Box = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Manifest:
    """Every good ticket of an event in a box of its own: label and box."""

    revision: str
    made_at: datetime
    event: DoorEvent
    keys: Sequence[PublicKey]
    boxes: Sequence[Box]


@dataclass(frozen=True, slots=True)
class Revocation:
    """Codes of this ticket up to this version open nothing, whatever their signature says."""

    ticket_id: TicketId
    version: int
    reason: ScanReason


@dataclass(frozen=True, slots=True)
class Revocations:
    """All codes of an event that open nothing (any more)."""

    revision: str
    tickets: Sequence[Revocation]


@dataclass(frozen=True, slots=True, kw_only=True)
class ManifestService:
    """Makes manifests. Boxes are made once in a process and kept until their ticket changes."""

    database: Database
    clock: Clock
    signer: TicketSigner
    boxes: ManifestBoxes
    access: CheckInAccess
    _kept: OrderedDict[EventId, Mapping[GoodTicket, Box]] = field(
        default_factory=OrderedDict, init=False
    )
    _making: threading.Lock = field(default_factory=threading.Lock, init=False)

    def manifest(
        self, *, event_id: EventId, actor: Actor, is_known: Callable[[str], bool]
    ) -> Manifest | None:
        """The manifest as of now; ``None`` if the caller has this revision.

        Raises:
            EventNotFound: the actor may not check tickets of the event.
        """
        with self.database.reading() as work:
            event = self.access.event(work, event_id, actor, Action.CHECK_IN)
            tickets = work.manifests.good(event_id)
        keys = self.signer.public_keys()
        facts = [event, *[key.key_id for key in keys], *tickets]
        revision = _revision(facts)
        if is_known(revision):
            return None
        boxes = self._boxed(event_id, tickets)
        return Manifest(revision, self.clock.now(), event, keys, list(boxes.values()))

    def revocations(
        self, *, event_id: EventId, actor: Actor, is_known: Callable[[str], bool]
    ) -> Revocations | None:
        """The codes that open nothing, as of now; ``None`` if the caller has this revision.

        Raises:
            EventNotFound: the actor may not check tickets of the event.
        """
        with self.database.reading() as work:
            event = self.access.event(work, event_id, actor, Action.CHECK_IN)
            rows = work.manifests.not_good(event_id)
        found = [_revoked(row, reentry=event.reentry) for row in rows]
        tickets = [revocation for revocation in found if revocation is not None]
        revision = _revision(tickets)
        return None if is_known(revision) else Revocations(revision, tickets)

    def _boxed(self, event_id: EventId, tickets: Sequence[GoodTicket]) -> Mapping[GoodTicket, Box]:
        with self._making:
            before = self._kept.pop(event_id, {})
            boxes = {
                ticket: before.get(ticket) or self._box(event_id, ticket) for ticket in tickets
            }
            self._kept[event_id] = boxes
            if len(self._kept) > EVENTS_KEPT:
                self._kept.popitem(last=False)
            return boxes

    def _box(self, event_id: EventId, ticket: GoodTicket) -> Box:
        record = {
            "t": ticket.id,
            "v": ticket.version,
            "y": ticket.ticket_type,
            "n": ticket.attendee_name,
        }
        packed = json.dumps(record, separators=(",", ":"), ensure_ascii=False)
        return self.boxes.seal(ticket.code, packed.encode(), event_id=event_id)


def _revoked(row: Any, *, reentry: bool) -> Revocation | None:
    if row.status != TicketStatus.VALID:
        return Revocation(row.id, row.version, ScanReason.REFUNDED)
    if row.revoked_at is not None:
        return Revocation(row.id, row.version, ScanReason.REVOKED)
    if row.inside or (row.used_at is not None and not reentry):
        return Revocation(row.id, row.version, ScanReason.ALREADY_USED)
    if row.version > 1:
        return Revocation(row.id, row.version - 1, ScanReason.REPLACED)
    return None


def _revision(facts: Iterable[object]) -> str:
    return hashlib.sha256(repr(list(facts)).encode()).hexdigest()[:32]
