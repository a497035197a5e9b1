"""Every page, opened and sent a form by everybody: whom it serves, and what it tells others.

The pages are read from the routes: a new one fails until it has its place in PAGES_OF of pages.py.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

import httpx
import pytest
from fastapi.routing import APIRoute

from app.domain.errors import EventNotFound, OrderNotFound, OrganizationNotFound
from app.domain.ids import EventId
from app.domain.permissions import ROLES_FOR, Action, OrganizationRole
from app.domain.states import DiscountKind
from app.http.services import Services
from app.pages.all_pages import BEFORE_THE_API, PAGES
from app.repositories.database import Database
from app.services.events.promo_codes import NewPromoCode
from app.services.users.accounts import OPERATOR
from app.wiring.adapters import Adapters
from tests.api.access_rows import kept
from tests.api.conftest import one_database
from tests.api.effort.efforts import effort_of
from tests.api.organizers.pages import AS_IF_ABSENT, FILLED, FORMS, KINDS, PAGES_OF, Of
from tests.api.organizers.world import World
from tests.steps.browsing import HTML, Visitor

ROUTES: Final = sorted(
    f"{method} {route.path}"
    for router in (*BEFORE_THE_API, *PAGES)
    for route in router.routes
    if isinstance(route, APIRoute)
    for method in (route.methods or set()) - {"HEAD"}
)
NOT_THEIRS: Final = tuple(
    refusal.title for refusal in (EventNotFound, OrganizationNotFound, OrderNotFound)
)
OWN_VALUES: Final = re.compile(r'value="[0-9a-f]{64}"|href="\?[^"]*"')
"""The proof of a session, and links to the page in other languages."""


ASKED_AGAIN: Final = {"GET /manage/events/{event_id}/counts"}
"""What an open page asks again and again; the page that does is noted."""

on_postgresql = pytest.mark.parametrize(
    "database_url", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True
)


def address_of(path: str, row: int) -> str:
    kind = next((kind for begins, kind in KINDS.items() if path.startswith(begins)), "")
    filled = {**FILLED, "kind": kind}
    return re.sub(r"\{(\w+)\}", lambda hole: filled.get(hole[1], str(row)), path)


@pytest.fixture
def visitors(world: World, services: Services) -> dict[str | None, Visitor]:
    """Everybody of the world at a browser of their own; ``None`` is signed in nowhere.

    The event has a promo code, and the organization an invitation.
    """
    owner = services.account_control.find(actor=OPERATOR, name="owner")
    code = NewPromoCode(code="SPARE", kind=DiscountKind.PERCENT, value=Decimal(10))
    services.promo_codes.create(event_id=EventId(1), organizer=owner, new=code)
    services.invitations.invite(
        owner=owner,
        organization_id=world.organization_id,
        email="asked@example.com",
        role=OrganizationRole.CHECKER,
    )
    found: dict[str | None, Visitor] = {None: Visitor(world.api)}
    for name in world.people:
        found[name] = Visitor(world.api)
        found[name].sign_in(name)
    return found


def sent(
    world: World, visitors: Mapping[str | None, Visitor], name: str, who: str | None, row: int = 1
) -> httpx.Response:
    """What a person gets who opens the page, or sends it a form with the proof of their session."""
    method, path = name.split(" ")
    if who == "scanner":
        headers = {**HTML, **world.scanner}
        world.api.cookies.clear()
        return world.api.request(method, address_of(path, row), headers=headers)
    visitor = visitors[who]
    data = {"csrf": visitor.csrf, **FORMS.get(name, {})} if method == "POST" else None
    return world.api.request(method, address_of(path, row), data=data, headers=visitor.headers)


def is_right(
    place: Of | Action, who: str | None, answer: httpx.Response, *, refused: int = 403
) -> bool:
    """Whether this is what the place says that this person gets.

    ``refused``: what members get whose role does not allow it.
    """
    status, goes_to = answer.status_code, answer.headers.get("location", "")
    is_to_sign_in = status == 303 and goes_to.startswith("/sign-in")
    is_served = status not in (401, 403, 405) and status < 500 and not is_to_sign_in
    if place is Of.EVERYBODY:
        return is_served or status == 401
    if who in (None, "scanner"):
        return is_to_sign_in
    if place is Of.SIGNED_IN:
        return is_served and status != 404
    if place is Of.ADMINS:
        return (is_served and status != 404) if who == "admin" else status == 404
    if who == "admin" or who in ROLES_FOR[place]:
        return is_served and not any(title in answer.text for title in NOT_THEIRS)
    if who in ("rival", "buyer", "stranger"):
        return status == 404
    return status == refused


class TestEveryPage:
    @one_database
    def test_has_its_place(self, world: World) -> None:
        assert set(ROUTES) == set(PAGES_OF), "say in PAGES_OF of pages.py whom a new page serves"

    @pytest.mark.slow
    @one_database
    def test_serves_those_it_is_for(
        self, world: World, database: Database, visitors: dict[str | None, Visitor]
    ) -> None:
        wrong = []
        with kept(database) as restore:
            for name, place in PAGES_OF.items():
                for who in (*world.people, None, "scanner"):
                    answer = sent(world, visitors, name, who)
                    refused = 404 if name in AS_IF_ABSENT else 403
                    if not is_right(place, who, answer, refused=refused):
                        wrong.append(f"{name}, {who}: {answer.status_code} {place}")
                    if not name.startswith("GET"):
                        restore()

        assert wrong == []

    @on_postgresql
    def test_is_shown_to_those_it_is_for_on_the_other_database(
        self, world: World, visitors: dict[str | None, Visitor]
    ) -> None:
        """The tests of single pages have one; here each page's queries meet PostgreSQL."""
        wrong = [
            f"{name}, {who}: {answer.status_code} {place}"
            for name, place in PAGES_OF.items()
            if name.startswith("GET")
            for who in (*world.people, None, "scanner")
            if (answer := sent(world, visitors, name, who))
            and not is_right(place, who, answer, refused=404 if name in AS_IF_ABSENT else 403)
        ]

        assert wrong == []

    @one_database
    def test_of_the_console_that_an_admin_opens_is_in_their_log(
        self,
        world: World,
        database: Database,
        services: Services,
        visitors: dict[str | None, Visitor],
    ) -> None:
        admin = services.account_control.find(actor=OPERATOR, name="admin")

        traceless = []
        with kept(database) as restore:
            for name, place in PAGES_OF.items():
                sent(world, visitors, name, "admin")
                log = services.admin_log.page(caller=admin, after=None, limit=9).items
                restore()
                is_noted = isinstance(place, Action) and name not in ASKED_AGAIN
                if is_noted and name not in [row.detail for row in log]:
                    traceless.append(name)
                reason = FORMS.get(name, {}).get("reason")
                if reason and not any(row.reason == reason and row.account_id for row in log):
                    traceless.append(f"{name}: the reason")

        assert traceless == []

    @pytest.mark.slow
    @one_database
    def test_tells_strangers_the_same_of_what_exists_and_what_does_not(
        self,
        world: World,
        visitors: dict[str | None, Visitor],
        database: Database,
        outside: Adapters,
    ) -> None:
        told_apart = []
        for name, place in PAGES_OF.items():
            if not isinstance(place, Action) and place is not Of.ADMINS:
                continue
            for who in ("rival", "buyer", None):
                with effort_of(database, outside) as of_real:
                    real = sent(world, visitors, name, who, 1)
                with effort_of(database, outside) as of_none:
                    none = sent(world, visitors, name, who, 9)
                assert of_real.lasting == of_none.lasting, f"{name}, {who}"
                texts = [OWN_VALUES.sub("", answer.text) for answer in (real, none)]
                if real.status_code != none.status_code or texts[0] != texts[1].replace(
                    "9.", "1."
                ).replace(" 9", " 1"):
                    told_apart.append(f"{name}, {who}")

        assert told_apart == []


class TestMistakes:
    @pytest.mark.parametrize(
        ("place", "who", "status"),
        [
            (Action.SEE_MONEY, "rival", 200),
            (Action.SEE_MONEY, "rival", 403),
            (Action.SEE_MONEY, "checker", 200),
            (Action.SEE_MONEY, "owner", 403),
            (Action.SEE_MONEY, None, 200),
            (Of.ADMINS, "owner", 403),
            (Of.ADMINS, "admin", 404),
            (Of.SIGNED_IN, "scanner", 200),
            (Of.EVERYBODY, None, 403),
        ],
    )
    def test_would_be_found(self, place: Of | Action, who: str | None, status: int) -> None:
        assert not is_right(place, who, httpx.Response(status, text=""))
