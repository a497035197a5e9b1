"""What exists and what does not take the same work to refuse."""

from decimal import Decimal
from typing import Any

import httpx
import pytest

from app.domain.permissions import OrganizationRole
from app.domain.states import Role
from app.http.services import Services
from app.services.events.ticket_types import NewTicketType
from tests.api.conftest import one_database
from tests.api.effort.conftest import Measure
from tests.api.effort.efforts import Effort
from tests.steps.checkouts import ADA as GUEST
from tests.steps.guesses import ELSEWHERE
from tests.steps.organizations import Band
from tests.support.factories import PASSWORD, Factory

pytestmark = one_database


class TestHiddenTypes:
    def test_are_not_told_from_types_that_do_not_exist(
        self, measure: Measure, make: Factory
    ) -> None:
        organizer = make.user(role=Role.ORGANIZER)
        hidden = NewTicketType(name="Crew", price=Decimal(0), access_code="BACKSTAGE")
        seat = NewTicketType(name="Seat", price=Decimal(0))
        event = make.event(organizer=organizer, ticket_types=[seat, hidden])
        first = event.ticket_types[0].id

        def order(type_id: int, code: str | None) -> tuple[int, str, Effort]:
            item = {"ticket_type_id": type_id, "quantity": 1}
            body = {"event_id": event.id, "items": [item], "access_code": code}
            body |= {"name": "Ada Obi", "email": GUEST.email}
            answer, effort = measure("POST", "/checkout", json=body, headers={})
            return answer.status_code, answer.json()["code"], effort

        for code in ("WRONG", None):
            of_hidden, of_none = order(first + 1, code), order(first + 900, code)
            assert of_hidden == of_none
            assert of_hidden[:2] == (404, "ticket-type-not-found")

    def test_are_not_told_by_a_wrong_code_on_the_page(
        self, measure: Measure, make: Factory
    ) -> None:
        hidden = NewTicketType(name="Crew", price=Decimal(0), access_code="BACKSTAGE")
        seat = NewTicketType(name="Seat", price=Decimal(0))
        told = []
        for types in ([seat], [seat, hidden]):
            event = make.event(ticket_types=types)
            answer, effort = measure("GET", f"/e/{event.id}?access_code=WRONG")
            told.append((answer.status_code, effort))

        assert told[0] == told[1]
        assert told[0][0] == 422


class TestDrafts:
    @pytest.mark.parametrize(
        "page",
        [
            "/events/{}",
            "/events/{}.ics",
            "/e/{}",
            "/e/{}?access_code=X",
            "/e/{}.ics",
            "/e/{}/embed",
        ],
    )
    def test_are_not_told_from_events_that_do_not_exist(
        self, measure: Measure, make: Factory, page: str
    ) -> None:
        draft = make.event(organizer=make.user(role=Role.ORGANIZER), is_draft=True)

        (real, of_real), (none, of_none) = (
            measure("GET", page.format(event_id)) for event_id in (draft.id, 900)
        )

        assert real.status_code == none.status_code == 404
        assert of_real == of_none

    def test_are_not_told_by_a_checkout(self, measure: Measure, make: Factory) -> None:
        draft = make.event(organizer=make.user(role=Role.ORGANIZER), is_draft=True)

        def check_out(event_id: int, email: str) -> tuple[int, Effort]:
            body = {"event_id": event_id, "name": "Ada Obi", "email": email}
            answer, effort = measure("POST", "/checkout", json=body, headers={})
            return answer.status_code, effort

        of_draft = check_out(draft.id, "a@example.com")

        assert of_draft[0] == 404
        assert of_draft == check_out(900, "b@example.com")


class TestSecretLinks:
    @pytest.mark.parametrize(
        ("method", "path"),
        [
            ("GET", "/o/{}"),
            ("POST", "/o/{}/pay"),
            ("POST", "/o/{}/cancel"),
            ("POST", "/o/{}/refund"),
            ("GET", "/checkout/{}"),
            ("POST", "/checkout/{}/pay"),
            ("GET", "/w/{}"),
            ("POST", "/w/{}/join"),
            ("GET", "/transfer?token={}"),
            ("GET", "/invitation?token={}"),
            ("GET", "/account/reset?token={}"),
            ("GET", "/account/confirm?token={}"),
            ("GET", "/sign-in/link?token={}"),
        ],
    )
    def test_with_a_wrong_secret_are_not_told_from_those_of_nothing(
        self, measure: Measure, services: Services, make: Factory, method: str, path: str
    ) -> None:
        row_one_of_each(services, make)

        (real, of_real), (none, of_none) = (
            measure(method, path.format(f"{number}.{'A' * 27}")) for number in (1, 900)
        )

        assert real.status_code == none.status_code == 404
        assert of_real.lasting == of_none.lasting
        assert of_real.calls_to_provider == 0

    @pytest.mark.parametrize(
        ("method", "path", "field"),
        [
            ("POST", "/transfer", "token"),
            ("POST", "/invitation", "token"),
            ("POST", "/account/reset", "token"),
            ("POST", "/account/confirm", "token"),
            ("POST", "/sign-in/link/open", "token"),
        ],
    )
    def test_in_a_form_are_not_told_either(
        self,
        measure: Measure,
        services: Services,
        make: Factory,
        method: str,
        path: str,
        field: str,
    ) -> None:
        row_one_of_each(services, make)

        def send(number: int) -> tuple[httpx.Response, Effort]:
            form = {field: f"{number}.{'A' * 27}", "new_password": "a long new one"}
            return measure(method, path, data={**form, "answer": "accept"})

        (real, of_real), (none, of_none) = send(1), send(900)

        assert real.status_code == none.status_code == 404
        assert of_real.lasting == of_none.lasting
        assert of_real.hashed_passwords == 0


class TestScanners:
    def test_are_not_told_by_codes_or_tokens_that_have_ended(
        self, measure: Measure, services: Services, make: Factory
    ) -> None:
        organizer = make.user(role=Role.ORGANIZER)
        event = make.event(organizer=organizer)
        made = services.devices.prepare(
            event_id=event.id, organizer=organizer, name="Phone", gate=None, url_of=str
        )
        token, _ = services.devices.enrol(code=made.code)
        services.devices.revoke(event_id=event.id, organizer=organizer, device_id=made.device.id)
        unknown = "x" * len(made.code)

        used, never = (
            measure("POST", "/scanners/enrol", json={"code": code}) for code in (made.code, unknown)
        )
        ended, none = (
            measure("GET", "/scanners/me", headers={"Authorization": f"Bearer {each}"})
            for each in (token, f"scn_{unknown}")
        )

        assert (used[0].status_code, used[1]) == (never[0].status_code, never[1])
        assert (ended[0].status_code, ended[1]) == (none[0].status_code, none[1])


class TestOwnRows:
    @pytest.mark.parametrize(
        ("method", "path"),
        [
            ("GET", "/tickets/{ticket_id}"),
            ("GET", "/tickets/{ticket_id}/ticket.pdf"),
            ("POST", "/tickets/{ticket_id}/transfer"),
            ("GET", "/orders/{order_id}"),
            ("POST", "/orders/{order_id}/cancel"),
            ("POST", "/orders/{order_id}/pay"),
            ("GET", "/payments/{reference}"),
            ("POST", "/payments/verify/{reference}"),
        ],
    )
    def test_of_others_are_not_told_from_rows_that_do_not_exist(
        self, measure: Measure, services: Services, make: Factory, method: str, path: str
    ) -> None:
        stranger, event = make.user(), make.event()
        bought = make.buy(make.user(), event.id)
        token = services.sessions.log_in(name=stranger.username, password=PASSWORD).access_token
        real = {
            "ticket_id": bought.tickets[0].id,
            "order_id": bought.order.id,
            "reference": make.pay(make.user(), event.id).payment.reference,
        }
        none = {"ticket_id": 900, "order_id": 900, "reference": "TCK-UNKNOWN"}

        def call(rows: dict[str, Any]) -> tuple[int, Effort]:
            body = {"email": "cleo@example.com"} if path.endswith("transfer") else None
            headers = {"Authorization": f"Bearer {token}"}
            answer, effort = measure(method, path.format(**rows), json=body, headers=headers)
            return answer.status_code, effort.lasting

        assert call(real) == call(none)
        assert call(none)[0] == 404
        assert call(real)[1].calls_to_provider == 0


class TestBackOffice:
    def test_asks_nothing_for_those_who_are_no_admins(
        self, measure: Measure, services: Services, make: Factory
    ) -> None:
        ada = make.user(name="ada")
        token = services.sessions.log_in(name="ada", password=PASSWORD).access_token
        headers = {"Authorization": f"Bearer {token}"}

        for path in ("/admin/search?q={}", "/admin/people?q={}", "/admin/tickets?q={}"):
            known, unknown = (
                measure("GET", path.format(word), headers=headers)
                for word in (ada.email, "unknown")
            )
            assert known[0].status_code == unknown[0].status_code == 403
            assert known[1] == unknown[1]


def row_one_of_each(services: Services, make: Factory) -> None:
    """Make an order, a wait, an offered ticket, an invitation and a request, all of number 1."""
    organizer, ada = make.user(role=Role.ORGANIZER), make.user()
    event = make.event(organizer=organizer, capacity=2)
    bought = make.buy(ada, event.id)
    services.transfers.offer(ticket_id=bought.tickets[0].id, giver=ada, email="cleo@example.com")
    make.order(ada, event.id)
    services.guest_waits.ask(
        guest=GUEST,
        event_id=event.id,
        ticket_type_id=event.ticket_types[0].id,
        quantity=1,
        client=ELSEWHERE,
    )
    Band(services, make).invite("dayo@example.com", OrganizationRole.CHECKER)
    services.account_requests.request_reset(email=ada.email)
