"""What people and scanners may do, and when it ends."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from app.config import Settings
from app.domain.actors import Actor
from app.domain.checkin.doors import Verdict
from app.domain.errors import EventNotFound, OrderNotFound
from app.domain.events.changes import EventChanges
from app.domain.states import Role
from app.http.services import Services
from app.models.users.users import User
from app.repositories.database import Database
from app.services.checkin.scans import Scan
from tests.steps.door import Door, open_door
from tests.support.factories import Factory
from tests.support.fakes import START, FakeClock

NAME = "Adaeze Okonkwo"


@pytest.fixture
def door(services: Services, make: Factory) -> Door:
    return open_door(services, make)


class TestDemotion:
    def test_ends_the_rights_of_an_organizer_at_once(
        self, services: Services, make: Factory, door: Door
    ) -> None:
        bought = make.buy(make.user(), door.event_id)
        before = door.organizer
        services.users.set_role(name=before.username, role=Role.BUYER)
        demoted = services.users.find(email=before.email, username=before.username)
        assert demoted is not None

        with pytest.raises(EventNotFound):
            services.events.edit(
                event_id=door.event_id, organizer=demoted, changes=EventChanges(title="Mine")
            )
        with pytest.raises(EventNotFound):
            services.devices.of_event(event_id=door.event_id, organizer=demoted)
        with pytest.raises(EventNotFound):
            services.attendees.page(
                event_id=door.event_id, actor=demoted.actor, words=None, after=None, limit=20
            )
        with pytest.raises(OrderNotFound):
            services.messages.send_tickets_again(caller=demoted, order_id=bought.order.id)
        with pytest.raises(OrderNotFound):
            services.refund_requests.request_refund(
                order_id=bought.order.id, caller=demoted, ticket_ids=None, reason="x"
            )


class TestCreate:
    def test_makes_a_buyer_an_organizer_in_the_demo(
        self, services: Services, make: Factory
    ) -> None:
        ada = make.user()
        event = make.event(organizer=ada)

        again = services.users.find(email=ada.email, username=ada.username)

        assert again is not None
        assert again.role == Role.ORGANIZER
        services.events.edit(
            event_id=event.id, organizer=again, changes=EventChanges(title="Ada's night")
        )


class TestRightsAfterTheEvent:
    @pytest.fixture
    def member(self, services: Services, make: Factory, door: Door) -> User:
        member = make.user()
        services.staff.take_on(
            event_id=door.event_id, organizer=door.organizer, name=member.username
        )
        return member

    def test_of_staff_and_scanners_end(
        self,
        services: Services,
        make: Factory,
        door: Door,
        member: User,
        clock: FakeClock,
        settings: Settings,
    ) -> None:
        scanner = door.scanner("North")
        closes_at = START + timedelta(days=31)  # it has no end: a day after its start
        clock.advance(closes_at - START + settings.door_rights_for - timedelta(seconds=1))
        for actor in (member.actor, scanner):
            services.attendees.counts(event_id=door.event_id, actor=actor)

        clock.advance(timedelta(seconds=1))

        for actor in (member.actor, scanner):
            with pytest.raises(EventNotFound):
                services.attendees.counts(event_id=door.event_id, actor=actor)
            with pytest.raises(EventNotFound):
                door.scan("x", by=actor)
        with pytest.raises(EventNotFound):
            services.devices.show(scanner=scanner)
        for actor in (door.organizer.actor, make.user(role=Role.ADMIN).actor):
            services.attendees.counts(event_id=door.event_id, actor=actor)


class TestNamesForScanners:
    @pytest.fixture
    def code(self, door: Door, database: Database) -> str:
        """The code of a ticket with a name."""
        code = door.code(door.ticket())
        with database.engine.begin() as connection:
            connection.execute(text("UPDATE tickets SET attendee_name = :name"), {"name": NAME})
        return code

    def test_are_of_those_who_stand_before_them(self, door: Door, code: str) -> None:
        north = door.scanner("North")

        first = door.scan(code, by=north, scan_id="1")
        repeated = door.scan(code, by=north, scan_id="1")

        assert repeated.is_repeat
        assert (first.check_in.attendee_name, repeated.check_in.attendee_name) == (NAME, NAME)

    def test_are_not_listed(self, services: Services, door: Door, code: str) -> None:
        north = door.scanner("North")
        door.scan(code, by=north)

        def names(actor: Actor) -> list[str | None]:
            page = services.check_ins.page(
                event_id=door.event_id,
                actor=actor,
                verdict=None,
                ticket_id=None,
                after=None,
                limit=20,
            )
            return [answer.check_in.attendee_name for answer in page.items]

        assert names(north) == [None]
        assert names(door.staff) == [NAME]

    def test_are_not_told_for_the_scan_of_another(
        self, services: Services, door: Door, code: str
    ) -> None:
        north, south = door.scanner("North"), door.scanner("South")
        door.scan(code, by=south, scan_id="1")
        copied = Scan(scan_id="1", code="x", scanned_at=START, door_verdict=Verdict.ACCEPTED)

        online = door.scan("x", by=north, scan_id="1")
        (offline,) = services.offline_scans.upload(
            event_id=door.event_id, actor=north, scans=[copied]
        )

        assert online.is_repeat
        assert offline.is_repeat
        assert (online.check_in.attendee_name, offline.check_in.attendee_name) == (None, None)

    def test_are_not_in_the_list_of_conflicts(
        self, services: Services, door: Door, code: str
    ) -> None:
        north = door.scanner("North")
        door.scan(code, by=door.scanner("South"))
        let_in = Scan(scan_id="offline", code=code, scanned_at=START, door_verdict=Verdict.ACCEPTED)
        services.offline_scans.upload(event_id=door.event_id, actor=north, scans=[let_in])

        def names(actor: Actor) -> list[str | None]:
            conflicts = services.offline_scans.conflicts(event_id=door.event_id, actor=actor)
            return [answer.check_in.attendee_name for scans in conflicts for answer in scans]

        assert names(north)
        assert set(names(north)) == {None}
        assert set(names(door.staff)) == {NAME}
