"""Which addresses have accounts: asking takes the same work whether one has or not."""

import pytest

from app.domain.permissions import OrganizationRole
from app.http.services import Services
from app.services.users.accounts import OPERATOR
from tests.api.conftest import one_database
from tests.api.effort.conftest import Measure
from tests.api.effort.efforts import Effort
from tests.steps.checkouts import ADA as GUEST
from tests.steps.checkouts import Shopper
from tests.steps.organizations import LINKS, Band
from tests.steps.two_step import switched_on
from tests.support.factories import PASSWORD, Factory
from tests.support.fakes import FakeClock

pytestmark = one_database

UNKNOWN = "unknown@example.com"


@pytest.fixture
def addresses(services: Services, make: Factory, clock: FakeClock) -> dict[str, str]:
    """An address of each kind that the shop knows."""
    plain, in_two_steps, disabled = (make.user() for _ in range(3))
    switched_on(services, clock, in_two_steps)
    services.account_control.set_disabled(actor=OPERATOR, user_id=disabled.id, disabled=True)
    band = Band(services, make)
    asked = band.invite("new.member@example.com", OrganizationRole.CHECKER)
    services.invitations.accept(token=LINKS.issue(asked.link_subject))
    unconfirmed = services.users.register(
        email="new@example.com", username="new", password=PASSWORD
    )
    Shopper(services, make)(make.event(price="2500").id)
    return {
        "plain": plain.email,
        "in two steps": in_two_steps.email,
        "disabled": disabled.email,
        "without a password": asked.email,
        "unconfirmed": unconfirmed.email,
        "a guest": GUEST.email,
    }


class TestAccounts:
    @pytest.mark.parametrize("path", ["/token", "/sign-in"])
    def test_are_not_told_by_a_wrong_password(
        self, measure: Measure, addresses: dict[str, str], path: str
    ) -> None:
        def sign_in(email: str) -> tuple[int, Effort]:
            form = {"username": email, "password": "a wrong one", "totp": "123456"}
            answer, effort = measure("POST", path, data=form)
            return answer.status_code, effort.lasting

        of_unknown = sign_in(UNKNOWN)

        assert of_unknown[1].hashed_passwords == 1
        assert of_unknown[1].statements.count("COMMIT") == 1
        for kind, email in addresses.items():
            assert sign_in(email) == of_unknown, kind

    @pytest.mark.parametrize(
        ("path", "body"),
        [
            ("/users/password-resets", "json"),
            ("/account/forgotten", "data"),
            ("/sign-in/link", "data"),
        ],
    )
    def test_are_not_told_by_asking_for_a_mail(
        self, measure: Measure, addresses: dict[str, str], path: str, body: str
    ) -> None:
        def ask(email: str) -> tuple[int, str, Effort]:
            answer, effort = measure("POST", path, **{body: {"email": email}})
            return answer.status_code, answer.text, effort

        of_unknown = ask(UNKNOWN)

        assert of_unknown[2].statements.count("COMMIT") == 1
        assert of_unknown[2].mails == 0
        for kind, email in addresses.items():
            assert ask(email) == of_unknown, kind

    def test_are_told_by_registering_alone_and_at_the_same_price(
        self, measure: Measure, addresses: dict[str, str]
    ) -> None:
        efforts = []
        for name, email in (("one", UNKNOWN), ("two", addresses["plain"])):
            body = {"email": email, "username": name, "password": PASSWORD}
            answer, effort = measure("POST", "/users/", json=body)
            efforts.append((answer.status_code, effort.hashed_passwords, effort.mails))

        assert efforts == [(201, 1, 0), (409, 1, 0)]

    @pytest.mark.parametrize("price", ["0", "2500"])
    def test_are_not_told_by_a_guests_checkout(
        self, measure: Measure, make: Factory, addresses: dict[str, str], price: str
    ) -> None:
        event_id = make.event(price=price).id

        def check_out(email: str) -> tuple[int, Effort]:
            body = {"event_id": event_id, "name": "Ada Obi", "email": email}
            answer, effort = measure("POST", "/checkout", json=body)
            return answer.status_code, effort

        of_unknown = check_out(UNKNOWN)

        assert of_unknown[0] == 201
        assert of_unknown[1].calls_to_provider == (0 if price == "0" else 1)
        # A guest's first try makes the row that later ones find: there is no second to compare.
        for kind in addresses.keys() - {"a guest"}:
            assert check_out(addresses[kind]) == of_unknown, kind

    def test_are_not_told_by_a_guest_who_waits(
        self, measure: Measure, make: Factory, addresses: dict[str, str]
    ) -> None:
        event = make.event(capacity=1)
        make.order(make.user(), event.id)

        def ask(email: str) -> tuple[int, Effort]:
            form = {"ticket_type_id": str(event.ticket_types[0].id), "quantity": "1"}
            form |= {"name": "Ada Obi", "email": email}
            answer, effort = measure("POST", f"/e/{event.id}/waiting-list", data=form)
            return answer.status_code, effort

        of_unknown = ask(UNKNOWN)

        assert of_unknown[0] == 200
        for kind in addresses.keys() - {"a guest"}:
            assert ask(addresses[kind]) == of_unknown, kind

    def test_are_not_told_to_who_transfers_a_ticket(
        self, measure: Measure, services: Services, make: Factory, addresses: dict[str, str]
    ) -> None:
        giver = make.user()
        tickets = make.buy(giver, make.event().id, quantity=4).tickets
        token = services.sessions.log_in(name=giver.username, password=PASSWORD).access_token
        told = []
        for ticket, email in zip(
            tickets,
            (UNKNOWN, addresses["plain"], addresses["unconfirmed"], addresses["a guest"]),
            strict=True,
        ):
            answer, effort = measure(
                "POST",
                f"/tickets/{ticket.id}/transfer",
                json={"email": email},
                headers={"Authorization": f"Bearer {token}"},
            )
            told.append((answer.status_code, effort))

        assert told == [told[0]] * 4
        assert told[0][0] == 201
