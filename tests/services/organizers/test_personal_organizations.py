"""The organization that comes with an account's first event, and what it costs others."""

import threading

import pytest
from sqlalchemy import text

from app.domain.errors import EventNotFound, NotLoggedIn, OrganizationNotFound
from app.domain.events.changes import EventChanges
from app.domain.ids import OrganizationId
from app.domain.organizers.organizations import DEMO_NAME
from app.domain.states import Role
from app.http.services import Services
from app.repositories.database import Database
from app.services.checkin.scans import Scan
from tests.steps.door import open_door
from tests.steps.statements import asked
from tests.support.factories import Factory

pytestmark = pytest.mark.usefixtures("audited")


def organizations(database: Database) -> list[tuple[str, str, int | None, str | None]]:
    """Kind, name, member and role, in the order they were made."""
    query = text(
        "SELECT o.kind, o.name, m.user_id, m.role FROM organizations o"
        " LEFT JOIN memberships m ON m.organization_id = o.id ORDER BY o.id"
    )
    with database.connection() as connection:
        return [tuple(row) for row in connection.execute(query)]


class TestCreate:
    def test_makes_one_with_the_first_event_and_no_other(
        self, make: Factory, database: Database
    ) -> None:
        ada = make.user(name="ada")

        first, second = make.event(organizer=ada), make.event(organizer=ada)

        assert organizations(database) == [("personal", "ada", ada.id, "owner")]
        assert first.organization_id == second.organization_id
        assert (first.organization_name, first.created_by) == ("ada", ada.id)

    def test_gives_events_of_nobody_to_the_demo_organization(
        self, make: Factory, database: Database
    ) -> None:
        first, second = make.event(), make.event()

        assert organizations(database) == [("demo", DEMO_NAME, None, None)]
        assert first.organization_id == second.organization_id
        assert first.created_by is None

    def test_makes_one_for_two_first_events_at_once(
        self, make: Factory, database: Database
    ) -> None:
        ada = make.user(name="ada", role=Role.ORGANIZER)
        together = threading.Barrier(2)

        def create() -> None:
            together.wait()
            make.event(organizer=ada)

        threads = [threading.Thread(target=create) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert organizations(database) == [("personal", "ada", ada.id, "owner")]
        with database.connection() as connection:
            assert connection.scalar(text("SELECT COUNT(*) FROM events")) == 2

    def test_in_an_organization_is_for_its_members(self, make: Factory) -> None:
        ada, admin = make.user(), make.user(role=Role.ADMIN)
        theirs = make.event(organizer=ada).organization_id

        with pytest.raises(OrganizationNotFound):
            make.event(organizer=make.user(), organization_id=theirs)
        with pytest.raises(OrganizationNotFound):
            make.event(organizer=ada, organization_id=OrganizationId(99))
        with pytest.raises(NotLoggedIn):
            make.event(organizer=None, organization_id=theirs)
        for member in (ada, admin):
            event = make.event(organizer=member, organization_id=theirs)
            assert event.organization_id == theirs


class TestRights:
    def test_come_from_the_organization_and_not_from_who_created(
        self, services: Services, make: Factory, database: Database
    ) -> None:
        ada, bola = make.user(name="ada"), make.user(name="bola")
        of_ada, of_bola = make.event(organizer=ada), make.event(organizer=bola)
        moved = text("UPDATE events SET organization_id = :theirs WHERE id = :event")
        with database.engine.begin() as connection:
            connection.execute(moved, {"theirs": of_bola.organization_id, "event": of_ada.id})
        changes = EventChanges(title="New")

        with pytest.raises(EventNotFound):
            services.events.edit(event_id=of_ada.id, organizer=ada, changes=changes)
        edited = services.events.edit(event_id=of_ada.id, organizer=bola, changes=changes)

        assert (edited.created_by, edited.organization_name) == (ada.id, "bola")


class TestStatements:
    def test_about_members_are_none_where_buyers_buy(
        self, services: Services, make: Factory, database: Database
    ) -> None:
        event, ada = make.event(organizer=make.user()), make.user()

        with asked(database) as statements:
            bought = make.buy(ada, event.id)
            services.messages.send_tickets_again(caller=ada, order_id=bought.order.id)
            services.refund_desk.of_order(caller=ada, order_id=bought.order.id)

        assert len(statements) > 10
        assert [statement for statement in statements if "memberships" in statement] == []

    def test_about_members_are_none_where_a_scanner_scans(
        self, services: Services, make: Factory, database: Database
    ) -> None:
        door = open_door(services, make)
        scanner = door.scanner("North")

        with asked(database) as statements:
            services.check_ins.scan(
                event_id=door.event_id, actor=scanner, scan=Scan(scan_id="1", code="TK1:NONE")
            )

        assert len(statements) >= 1
        assert [statement for statement in statements if "memberships" in statement] == []

    def test_of_a_scan_by_an_account_are_as_many_as_of_one_by_a_scanner(
        self, services: Services, make: Factory, database: Database
    ) -> None:
        door = open_door(services, make)
        scanner = door.scanner("North")
        numbers = []

        for number, actor in enumerate((scanner, door.organizer.actor)):
            with asked(database) as statements:
                services.check_ins.scan(
                    event_id=door.event_id,
                    actor=actor,
                    scan=Scan(scan_id=str(number), code="TK1:NONE"),
                )
            numbers.append(len(statements))

        assert numbers[0] == numbers[1]
