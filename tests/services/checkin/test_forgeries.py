"""Ten thousand forged and mutated codes: no door opens, and nothing breaks."""

import random
from collections import Counter

import pytest

from app.clients.security.ticket_keys import Ed25519TicketSigner
from app.domain.checkin.doors import ScanReason
from app.http.services import Services
from app.repositories.database import Database
from app.services.checkin.scans import ScannedCodes
from tests.steps.door import Door, open_door
from tests.steps.forgeries import forgeries
from tests.support.codes import KEY
from tests.support.factories import Factory

FORGERIES = 10_000
RECORDED = 300
"""So many of them are also scanned, on each database, each kind among them."""

ANOTHER_KEY = Ed25519TicketSigner("somebody-else-s-key-of-enough-length-0123")


@pytest.fixture
def door(services: Services, make: Factory) -> Door:
    return open_door(services, make)


class TestForgeries:
    @pytest.mark.slow
    @pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
    def test_never_name_a_ticket(self, door: Door, database: Database) -> None:
        ticket = door.ticket()
        code = door.code(ticket)
        tried = forgeries(code, random.Random(1))
        codes = ScannedCodes(signer=Ed25519TicketSigner(KEY))

        with database.reading() as work:
            event = work.gates.event(door.event_id)
            found = [codes.present(work, next(tried), event) for _ in range(FORGERIES)]
            forged = ANOTHER_KEY.sign(ticket.facts, key_id=1)
            by_another_key = codes.present(work, forged, event)
            right = codes.present(work, code, event)

        assert all(presented.ticket is None for presented in found)
        reasons = Counter(presented.refusal for presented in found)
        assert set(reasons) == {ScanReason.FORGED, ScanReason.UNKNOWN_CODE}
        assert min(reasons.values()) > FORGERIES / 10
        assert by_another_key.refusal == ScanReason.FORGED
        assert right.ticket is not None

    def test_are_refused_and_kept(self, door: Door) -> None:
        ticket = door.ticket()
        tried = forgeries(door.code(ticket), random.Random(2))

        reasons = Counter(
            door.scan(next(tried), scan_id=f"{number}").check_in.reason
            for number in range(RECORDED)
        )

        assert set(reasons) == {ScanReason.FORGED, ScanReason.UNKNOWN_CODE}
        assert sum(reasons.values()) == RECORDED
        assert door.history(ticket.id) == []
        assert door.scan(door.code(ticket)).check_in.reason == ScanReason.ADMITTED
        assert door.services.audit.violations() == []
