"""The offline kit: good tickets in boxes only their codes open, and the codes that are not good."""

import base64
import hashlib
import hmac
import json
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.domain.checkin.doors import Direction
from app.domain.errors import EventNotFound
from app.domain.events.changes import EventChanges
from app.domain.tickets.ticket_codes import secret_of
from app.http.services import Services
from app.services.checkin.manifests import Manifest, Revocations
from tests.steps.door import Door, open_door
from tests.support.factories import Factory


@pytest.fixture
def door(services: Services, make: Factory) -> Door:
    return open_door(services, make)


def manifest_of(door: Door, known: str | None = None) -> Manifest | None:
    return door.services.manifests.manifest(
        event_id=door.event_id, actor=door.staff, is_known=lambda revision: revision == known
    )


def full(door: Door) -> Manifest:
    manifest = manifest_of(door)
    assert manifest is not None
    return manifest


def revocations_of(door: Door, known: str | None = None) -> Revocations | None:
    return door.services.manifests.revocations(
        event_id=door.event_id, actor=door.staff, is_known=lambda revision: revision == known
    )


def listed(door: Door) -> list[tuple[int, int, str]]:
    found = revocations_of(door)
    assert found is not None
    return [(each.ticket_id, each.version, each.reason.value) for each in found.tickets]


def derived(short_code: str, event_id: int) -> tuple[str, bytes]:
    """Label and key as a scanner finds them: HKDF (RFC 5869) written out with HMAC."""
    info = f"ticket manifest {event_id}".encode()
    pseudorandom = hmac.digest(bytes(32), secret_of(short_code), "sha256")
    first = hmac.digest(pseudorandom, info + b"\x01", "sha256")
    made = first + hmac.digest(pseudorandom, first + info + b"\x02", "sha256")
    return base64.urlsafe_b64encode(made[:16]).rstrip(b"=").decode(), made[16:48]


def opened(box: str, key: bytes) -> Any:
    content = base64.urlsafe_b64decode(box + "==")
    record = AESGCM(key).decrypt(content[:12], content[12:], None)
    assert content[:12] == hashlib.sha256(key + record).digest()[:12]
    return json.loads(record)


class TestManifest:
    def test_opens_with_a_ticket_s_code_and_with_no_other(self, door: Door) -> None:
        ticket, other = door.tickets(2)

        boxes = dict(full(door).boxes)

        label, key = derived(ticket.short_code, door.event_id)
        assert opened(boxes[label], key) == {
            "t": ticket.id,
            "v": 1,
            "y": "General admission",
            "n": None,
        }
        label_of_other, _ = derived(other.short_code, door.event_id)
        with pytest.raises(InvalidTag):
            opened(boxes[label_of_other], key)

    def test_says_nothing_in_the_open(self, door: Door) -> None:
        ticket = door.ticket()

        shown = repr(full(door))

        for secret in (ticket.short_code, ticket.link_key, "General admission"):
            assert secret not in shown

    def test_holds_good_tickets_only(self, door: Door) -> None:
        good, used, refunded = door.tickets(3)
        door.scan(door.code(used))
        door.request_refund(refunded)

        labels = [label for label, _ in full(door).boxes]

        assert labels == [derived(t.short_code, door.event_id)[0] for t in (good, used)]

    def test_is_the_same_until_something_changes(self, services: Services, door: Door) -> None:
        door.ticket()
        first = full(door)

        assert full(door).boxes == first.boxes
        assert manifest_of(door, first.revision) is None
        ticket = door.ticket()
        second = full(door)
        assert second.revision != first.revision
        assert second.boxes[0] == first.boxes[0]
        door.request_refund(ticket)
        third = full(door)
        assert third.boxes == first.boxes
        services.events.edit(
            event_id=door.event_id, organizer=door.organizer, changes=EventChanges(title="New")
        )
        assert full(door).revision != third.revision

    def test_is_for_the_event_s_people_only(
        self, services: Services, make: Factory, door: Door
    ) -> None:
        stranger = open_door(services, make).scanner("North")

        for ask in (services.manifests.manifest, services.manifests.revocations):
            with pytest.raises(EventNotFound):
                ask(event_id=door.event_id, actor=stranger, is_known=lambda _: False)


class TestRevocations:
    def test_list_codes_that_open_nothing(self, door: Door) -> None:
        used, refunded, _ = door.tickets(3)
        door.scan(door.code(used))
        door.request_refund(refunded)

        assert listed(door) == [(used.id, 1, "already-used"), (refunded.id, 1, "refunded")]

    def test_let_in_again_whoever_left_where_that_is_allowed(
        self, services: Services, make: Factory
    ) -> None:
        door = open_door(services, make, reentry=True)
        ticket = door.ticket()
        code = door.code(ticket)

        door.scan(code)
        inside = listed(door)
        door.scan(code, direction=Direction.OUT)

        assert inside == [(ticket.id, 1, "already-used")]
        assert listed(door) == []

    def test_are_the_same_until_something_changes(self, door: Door) -> None:
        ticket = door.ticket()
        first = revocations_of(door)

        assert first is not None
        assert revocations_of(door, first.revision) is None
        door.scan(door.code(ticket))
        assert revocations_of(door, first.revision) is not None
