from itertools import count

from app.domain.errors import EventNotFound
from app.domain.ids import EventId
from app.domain.states import Role
from app.http.services import Services
from app.repositories.database import Database
from app.services.checkin.scans import Scan
from tests.steps.statements import interrupted_everywhere
from tests.support.factories import Factory


def test_a_repeated_scan_is_answered_or_its_event_is_not_found(
    services: Services, make: Factory, database: Database
) -> None:
    organizer, numbers = make.user(role=Role.ORGANIZER), count(1)

    def scan(event_id: EventId) -> str:
        try:
            answer = services.check_ins.scan(
                event_id=event_id,
                actor=organizer.actor,
                scan=Scan(scan_id=f"scan-{event_id}", code=f"unknown {next(numbers)}"),
            )
        except EventNotFound:
            return "not found"
        return "repeated" if answer.is_repeat else "new"

    def scan_once() -> EventId:
        event_id = make.event(organizer=organizer).id
        assert scan(event_id) == "new"
        return event_id

    def delete(event_id: EventId) -> None:
        services.events.delete(event_id=event_id, organizer=organizer)

    outcomes = [
        outcome
        for _, outcome in interrupted_everywhere(database, make=scan_once, call=scan, by=delete)
    ]

    assert set(outcomes) == {"not found", "repeated"}
