"""Check-ins on PostgreSQL: what they do about those they wait for."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from sqlalchemy import text

from app.domain.checkin.doors import Direction, ScanReason, Verdict
from app.domain.ids import TicketId
from app.http.services import Services
from app.models.checkin.check_ins import CheckIn
from app.repositories.database import Database
from tests.steps.door import Door, open_door
from tests.support.factories import Factory
from tests.support.fakes import START
from tests.support.racing import at_once, until, writers_waiting

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.parametrize("database_url", ["postgresql"], indirect=True),
]

NEXT = text("SELECT nextval(pg_get_serial_sequence('check_ins', 'id'))")
SERVERS = 24
ROUNDS = 30


def a_scan(door: Door, ticket_id: TicketId, direction: Direction, name: str) -> CheckIn:
    return CheckIn(
        event_id=door.event_id,
        ticket_id=ticket_id,
        ticket_version=1,
        scan_id=name,
        direction=direction,
        verdict=Verdict.ACCEPTED,
        reason=ScanReason.ADMITTED,
        user_id=door.organizer.id,
        scanned_at=START,
        received_at=START,
    )


class TestEntry:
    def test_has_its_number_from_behind_the_lock(
        self, services: Services, make: Factory, database: Database
    ) -> None:
        door = open_door(services, make)
        ticket = door.ticket()

        with ThreadPoolExecutor() as pool:
            with database.writing() as work:
                work.gates.take(ticket.id)
                entry = pool.submit(door.scan, door.code(ticket))
                until(lambda: writers_waiting(database) == 1)
                with database.connection() as connection:
                    meanwhile = connection.execute(NEXT).scalar_one()
                work.gates.settle(ticket.id, used_at=None, inside=False, entry_id=None)
            check_in = entry.result().check_in

        assert check_in.reason == ScanReason.ADMITTED
        assert check_in.id > meanwhile

    def test_and_others_of_its_ticket_never_wait_for_each_other(
        self, services: Services, make: Factory, database: Database
    ) -> None:
        door = open_door(services, make, reentry=True)
        ticket = door.ticket()
        servers = [Database(database.url) for _ in range(SERVERS)]

        def come_and_go(server: Database, name: str) -> None:
            for number, direction in enumerate([Direction.IN, Direction.OUT] * ROUNDS):
                scan = partial(a_scan, door, ticket.id, direction)
                with server.writing() as work:
                    work.gates.take(ticket.id)
                    check_in_id = work.check_ins.record(scan(f"{name}-{number}"))
                    assert check_in_id is not None
                    if direction == Direction.IN:
                        work.gates.admit(
                            ticket.id, version=ticket.version, at=START, entry_id=check_in_id
                        )
                    else:
                        work.gates.leave(ticket.id, version=ticket.version)
                # Refused ones are kept without the lock, and share the ticket with who holds it.
                with server.writing() as work:
                    work.check_ins.record(scan(f"{name}-{number}-again"))

        at_once([partial(come_and_go, server, f"{n}") for n, server in enumerate(servers)])

        for server in servers:
            server.close()
