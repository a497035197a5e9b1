"""Scanner devices: enrolled by a code that works once, and then known by a token of their own."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.domain.actors import Actor
from app.domain.checkin.doors import DoorEvent
from app.domain.errors import EnrolmentInvalid, ScannerNotEnrolled
from app.domain.ids import DeviceId, EventId
from app.domain.permissions import Action
from app.domain.ports import Clock, IdGenerator, QrPainter
from app.models.checkin.scanning import ScannerDevice
from app.models.users.users import User
from app.repositories.database import Database
from app.repositories.unit_of_work import UnitOfWork
from app.services.checkin.access import CheckInAccess

TOKEN_PREFIX: Final = "scn_"  # noqa: S105  (tells scanners' tokens from those of accounts)
ENROL_WITHIN: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What a phone is shown to become a scanner. ``code`` cannot be shown again."""

    device: ScannerDevice
    code: str
    url: str
    qr_png: bytes
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Scanner:
    """A scanner that is enrolled, and the event it is for."""

    device: ScannerDevice
    event: DoorEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceService:
    """Lets organizers make phones into scanners of one event, and revoke them."""

    database: Database
    clock: Clock
    ids: IdGenerator
    qr: QrPainter
    access: CheckInAccess

    def of_event(self, *, event_id: EventId, organizer: User) -> Sequence[ScannerDevice]:
        """All scanners of the event, revoked ones too.

        Raises:
            EventNotFound: there is none, or it is another organizer's.
        """
        with self.database.reading() as work:
            work.event_access.for_actor(organizer.actor, event_id, Action.MANAGE_GATES)
            return work.devices.of_event(event_id)

    def prepare(
        self,
        *,
        event_id: EventId,
        organizer: User,
        name: str,
        gate: str | None,
        url_of: Callable[[str], str],
    ) -> Enrolment:
        """Make a scanner that waits for its phone.

        Args:
            event_id: the only event it will be for.
            organizer: who asks.
            name: what it is called in lists.
            gate: where it will stand.
            url_of: the address a phone opens, from its code.

        Raises:
            EventNotFound: there is none, or it is another organizer's.
        """
        now, code = self.clock.now(), self.ids.token()
        device = ScannerDevice(
            event_id=event_id,
            name=name,
            gate=gate,
            created_by=organizer.id,
            created_at=now,
            enrolment_hash=_hash(code),
            enrolment_until=now + ENROL_WITHIN,
        )
        with self.database.writing() as work:
            work.event_access.lock_for_actor(organizer.actor, event_id, Action.MANAGE_GATES)
            work.devices.add(device)
        url = url_of(code)
        return Enrolment(device, code, url, self.qr.png(url), device.enrolment_until)

    def revoke(self, *, event_id: EventId, organizer: User, device_id: DeviceId) -> None:
        """End a scanner: its token opens nothing from now on.

        Raises:
            EventNotFound: there is none, or it is another organizer's.
            DeviceNotFound: the event has none of this id that was not revoked before.
        """
        with self.database.writing() as work:
            work.event_access.for_actor(organizer.actor, event_id, Action.MANAGE_GATES)
            work.devices.revoke(event_id, device_id, now=self.clock.now())

    def enrol(self, *, code: str) -> tuple[str, Scanner]:
        """Exchange the code for a token, once.

        Raises:
            EnrolmentInvalid: it is not one of ours, was used, or has ended.
        """
        token = TOKEN_PREFIX + self.ids.token()
        with self.database.writing() as work:
            device_id = work.devices.enrol(
                _hash(code), token_hash=_hash(token), now=self.clock.now()
            )
            if device_id is None:
                raise EnrolmentInvalid
            return token, self._scanner(work, device_id)

    def actor_of(self, token: str) -> Actor:
        """The scanner a token belongs to. That it was seen is noted once a minute.

        Raises:
            ScannerNotEnrolled: the token is not one of ours, or was revoked.
        """
        now = self.clock.now()
        with self.database.reading() as work:
            actor, is_due = work.devices.find_by_token(_hash(token), now=now)
        if actor is None or actor.device_id is None:
            raise ScannerNotEnrolled
        if is_due:
            with self.database.writing() as work:
                work.devices.see(actor.device_id, now=now)
        return actor

    def show(self, *, scanner: Actor) -> Scanner:
        """The scanner itself and its event.

        Raises:
            ScannerNotEnrolled: it is no scanner, or its event is over for too long.
        """
        if scanner.device_id is None:
            raise ScannerNotEnrolled
        with self.database.reading() as work:
            return self._scanner(work, scanner.device_id)

    def _scanner(self, work: UnitOfWork, device_id: DeviceId) -> Scanner:
        device = work.devices.get(device_id)
        itself = Actor(device_id=device.id, event_id=device.event_id)
        return Scanner(device, self.access.event(work, device.event_id, itself, Action.CHECK_IN))


def _hash(secret: str) -> str:
    # Both secrets are 256 random bits, so one round of a fast hash keeps them.
    return hashlib.sha256(secret.encode()).hexdigest()
