"""What is deleted in the middle of a call about it is not found, whichever statement comes next."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm.exc import StaleDataError
from starlette.routing import Route

from app.domain.errors import OrganizationNotFound
from app.domain.ids import OrganizationId
from app.factory import ALL_ROUTERS
from app.http.services import Services
from app.models.organizers.organizations import Organization
from app.repositories.database import Database
from app.repositories.organizers.organizations import OrganizationRepository
from app.repositories.unit_of_work import UnitOfWork
from app.services.organizers.organizations import OrganizationChanges
from tests.api.access_rows import Rows, address_of, query_of, sent_with
from tests.api.conftest import Person
from tests.api.deletions import NOT_THERE, PARTS, Deletions, Numbers
from tests.api.described_operations import IN_PATH, Operation, operations_of
from tests.steps.browsing import Visitor
from tests.steps.statements import interrupted_everywhere
from tests.support.factories import Factory
from tests.support.racing import ExchangedDatabase

pytestmark = pytest.mark.slow

BODIES = {"POST /orders": {"event_id"}, "POST /payments/pay": {"event_id"}}
"""What calls name in their bodies that have nothing in their address."""

PAGES = sorted(
    route.path
    for router in ALL_ROUTERS
    for route in router.routes
    if isinstance(route, Route)
    and route.path.startswith("/manage/")
    and "GET" in (route.methods or ())
    and not route.path.endswith(("{kind}.{form}", "{export_id}", "/file"))
)

Call = Callable[[Rows], httpx.Response]
Calls = Callable[[str], Mapping[str, Call]]
Faults = list[tuple[str, int, str]]


@pytest.fixture
def deletions(services: Services, make: Factory, organizer: Person) -> Deletions:
    return Deletions(services, make, organizer.user, make.user(name="bola"))


@pytest.fixture
def calls(api: httpx.Client, app: FastAPI, organizer: Person) -> Calls:
    """Operations with this in their address or body, and pages, as the organizer calls them."""
    visitor = Visitor(api)
    visitor.open("/sign-in")
    visitor.sign_in(organizer.user.username)

    def operate(operation: Operation, rows: Rows) -> httpx.Response:
        named = BODIES.get(str(operation))
        sent = {"json": {name: rows[name] for name in named}} if named else None
        return api.request(
            operation.method,
            address_of(operation, rows),
            params=query_of(operation),
            headers=organizer.headers,
            **(sent or sent_with(operation, rows)),
        )

    def open_page(template: str, rows: Rows) -> httpx.Response:
        address = IN_PATH.sub(lambda hole: str(rows[hole[1]]), template)
        return api.get(address, headers=visitor.headers)

    def about(part: str) -> Mapping[str, Call]:
        return {
            str(operation): partial(operate, operation)
            for operation in operations_of(app)
            if part in (*IN_PATH.findall(operation.template), *BODIES.get(str(operation), ()))
        } | {f"page {each}": partial(open_page, each) for each in PAGES if part in each}

    return about


def faults(
    database: Database,
    calls: Mapping[str, Call],
    make: Callable[[], Numbers],
    delete: Callable[[Numbers], None],
) -> Faults:
    """Make each call once for each statement of it, with a deletion behind that; tell errors."""
    assert calls
    return [
        (name, answer.status_code, statement[:100])
        for name, call in calls.items()
        for statement, answer in interrupted_everywhere(
            database, make=lambda: NOTHING | make(), call=call, by=delete
        )
        if answer.is_server_error
    ]


NOTHING: Rows = dict.fromkeys(
    (
        "organization_id",
        "order_id",
        "pending",
        "guest_order",
        "ticket_id",
        "entry_id",
        "check_in_id",
    ),
    NOT_THERE,
)
"""What there is none of while nothing is sold."""


class TestDeletedMeanwhile:
    @pytest.mark.parametrize("by_page", [False, True], ids=["operations", "pages"])
    def test_event_is_not_found(
        self, database: Database, calls: Calls, deletions: Deletions, by_page: bool
    ) -> None:
        about = calls("event_id")
        about = {name: about[name] for name in about if name.startswith("page") is by_page}
        of_parts = {name: about[name] for name in about if any(part in name for part in PARTS)}
        of_whole = {name: about[name] for name in about if name not in of_parts}

        found = faults(database, of_whole, deletions.event, deletions.delete_event)
        found += faults(database, of_parts, deletions.event_with_parts, deletions.delete_event)

        assert found == []

    def test_ticket_type_is_not_found(
        self, database: Database, calls: Calls, deletions: Deletions
    ) -> None:
        about = calls("ticket_type_id")

        assert faults(database, about, deletions.event_with_parts, deletions.delete_type) == []

    def test_promo_code_is_not_found(
        self, database: Database, calls: Calls, deletions: Deletions
    ) -> None:
        about = calls("promo_code_id")

        assert faults(database, about, deletions.event_with_parts, deletions.delete_code) == []

    def test_staff_is_not_found(
        self, database: Database, calls: Calls, deletions: Deletions
    ) -> None:
        about = {name: call for name, call in calls("event_id").items() if "staff" in name}

        assert faults(database, about, deletions.event_with_parts, deletions.let_staff_go) == []

    def test_organization_is_not_found(
        self, database: Database, calls: Calls, deletions: Deletions
    ) -> None:
        about = calls("organization_id")

        assert faults(database, about, deletions.organization, deletions.delete_organization) == []

    def test_organization_fails_who_takes_it_for_granted(
        self, services: Services, database: Database, deletions: Deletions
    ) -> None:
        class Careless(OrganizationRepository):
            def lock(self, organization_id: OrganizationId) -> Organization:
                return self._db.get_one(Organization, organization_id)

        def exchange(work: UnitOfWork) -> None:
            work.organizations = Careless(work._transaction)

        careless = replace(services.organizations, database=ExchangedDatabase(database, exchange))

        def fails(made: Numbers) -> bool:
            try:
                careless.edit(
                    member=deletions.organizer,
                    organization_id=OrganizationId(int(made["organization_id"])),
                    changes=OrganizationChanges(name="Big Band"),
                )
            except OrganizationNotFound:
                return False
            except (NoResultFound, StaleDataError):
                return True
            return False

        failed = [
            statement
            for statement, has_failed in interrupted_everywhere(
                database,
                make=deletions.organization,
                call=fails,
                by=deletions.delete_organization,
            )
            if has_failed
        ]

        # On SQLite a writer is alone from its first statement on.
        assert bool(failed) is not database.is_sqlite
