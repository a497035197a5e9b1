"""Handing tickets on, over HTTP: from the offer to the other's ticket."""

import re

import httpx
import pytest

from app.domain.states import Role
from app.services.users.accounts import OPERATOR
from tests.api.answers import code_of, pointers_of
from tests.api.conftest import Person, one_database
from tests.support.codes import SIGNER
from tests.support.factories import PASSWORD, Factory
from tests.support.fakes import FakeMailer

IN_MAIL = re.compile(r"https://shop\.test/transfer\?token=(\S+)")
CHI = {"email": "chi@example.com", "name": "Chi Obi"}


@pytest.fixture
def ticket(make: Factory, ada: Person, organizer: Person) -> int:
    return make.buy(ada.user, make.event(organizer=organizer.user).id).tickets[0].id


def token_in(mailer: FakeMailer) -> str:
    """The secret in the last mail about an offer."""
    found = [IN_MAIL.search(mail.text) for mail in mailer.to(CHI["email"])]
    tokens = [link.group(1) for link in found if link]
    return tokens[-1]


class TestHandOver:
    def test_moves_the_ticket_to_whoever_got_the_mail(
        self, api: httpx.Client, make: Factory, ada: Person, ticket: int, mailer: FakeMailer
    ) -> None:
        as_json = {**ada.headers, "Accept": "application/json"}
        before = api.get(f"/tickets/{ticket}", headers=as_json).json()

        offered = api.post(f"/tickets/{ticket}/transfer", json=CHI, headers=ada.headers)
        make.work()
        accepted = api.post("/transfers/accept", json={"token": token_in(mailer)})

        assert offered.status_code == 201
        assert offered.json() == {
            "id": 1,
            "ticket_id": ticket,
            "to_email": "chi@example.com",
            "to_name": "Chi Obi",
            "state": "offered",
            "offered_at": "2027-03-01T12:00:00Z",
            "expires_at": "2027-03-08T12:00:00Z",
        }
        assert accepted.json() == offered.json() | {"state": "accepted"}
        assert code_of(api.get(f"/tickets/{ticket}", headers=ada.headers)) == (
            404,
            "ticket-not-found",
        )
        assert SIGNER.read(before["code"]).version == 1
        assert api.get("/tickets/", headers=ada.headers).json() == []
        again = api.post("/transfers/accept", json={"token": token_in(mailer)})
        assert code_of(again) == (404, "link-invalid")

    def test_lets_an_account_that_exists_find_it(
        self, api: httpx.Client, make: Factory, ada: Person, ticket: int, mailer: FakeMailer
    ) -> None:
        make.user(name="chi", role=Role.BUYER)
        login = api.post("/token", data={"username": "chi", "password": PASSWORD}).json()
        api.post(f"/tickets/{ticket}/transfer", json=CHI, headers=ada.headers)
        make.work()
        api.post("/transfers/accept", json={"token": token_in(mailer)})

        mine = api.get("/tickets/", headers={"Authorization": f"Bearer {login['access_token']}"})

        assert [found["id"] for found in mine.json()] == [ticket]
        assert SIGNER.read(mine.json()[0]["code"]).version == 2

    def test_can_be_called_off(
        self, api: httpx.Client, make: Factory, ada: Person, ticket: int, mailer: FakeMailer
    ) -> None:
        path = f"/tickets/{ticket}/transfer"
        offer = api.post(path, json=CHI, headers=ada.headers).json()
        second = api.post(path, json=CHI, headers=ada.headers)
        make.work()

        withdrawn = api.delete(f"/transfers/{offer['id']}", headers=ada.headers)

        assert code_of(second) == (409, "transfer-open")
        assert withdrawn.status_code == 204
        mine = api.get("/transfers/", headers=ada.headers).json()
        assert [(found["id"], found["state"]) for found in mine] == [(offer["id"], "withdrawn")]
        refused = api.post("/transfers/accept", json={"token": token_in(mailer)})
        assert code_of(refused) == (404, "link-invalid")
        assert api.post(path, json=CHI, headers=ada.headers).status_code == 201

    @one_database
    def test_gives_nothing_to_a_disabled_account(
        self, api: httpx.Client, make: Factory, ada: Person, ticket: int, mailer: FakeMailer
    ) -> None:
        chi = make.user(name="chi")
        path = f"/tickets/{ticket}/transfer"
        api.post(path, json=CHI, headers=ada.headers)
        make.work()
        token = token_in(mailer)
        make.services.account_control.set_disabled(actor=OPERATOR, user_id=chi.id, disabled=True)

        accepted = api.post("/transfers/accept", json={"token": token})
        page = api.post("/transfer", data={"token": token})
        offered = api.post(path, json=CHI, headers=ada.headers)

        assert code_of(accepted) == (403, "account-disabled")
        assert page.status_code == 403
        assert "This account was disabled." in page.text
        assert code_of(offered) == (409, "recipient-disabled")

    def test_happens_once_under_one_key(
        self, api: httpx.Client, ada: Person, ticket: int, make: Factory, mailer: FakeMailer
    ) -> None:
        api.post(f"/tickets/{ticket}/transfer", json=CHI, headers=ada.headers)
        make.work()
        named = {"Idempotency-Key": "once"}

        answers = [
            api.post("/transfers/accept", json={"token": token_in(mailer)}, headers=named)
            for _ in range(2)
        ]

        assert [answer.status_code for answer in answers] == [200, 200]
        assert answers[0].json() == answers[1].json()
        assert answers[1].headers["idempotent-replayed"] == "true"

    @one_database
    def test_refuses_an_address_of_ones_own_or_none(
        self, api: httpx.Client, ada: Person, ticket: int
    ) -> None:
        for address in ("ADA@example.com", "nobody", ""):
            body = {"email": address}
            answer = api.post(f"/tickets/{ticket}/transfer", json=body, headers=ada.headers)
            assert pointers_of(answer) == ["/email"]


class TestList:
    def test_comes_in_pages_of_mine_only(
        self, api: httpx.Client, make: Factory, ada: Person, bola: Person
    ) -> None:
        tickets = make.buy(ada.user, make.event().id, quantity=3).tickets
        for ticket in tickets:
            api.post(f"/tickets/{ticket.id}/transfer", json=CHI, headers=ada.headers)

        met, path = [], "/transfers/?limit=2"
        while path:
            answer = api.get(path, headers=ada.headers)
            met += [found["ticket_id"] for found in answer.json()]
            path = answer.links.get("next", {}).get("url", "")

        assert met == [ticket.id for ticket in tickets][::-1]
        assert api.get("/transfers/", headers=bola.headers).json() == []


class TestOrganizer:
    def test_issues_again_and_bars_without_seeing_the_code(
        self, api: httpx.Client, organizer: Person, ada: Person, ticket: int
    ) -> None:
        why = {"reason": "The phone was stolen"}
        path, headers = f"/tickets/{ticket}", organizer.headers

        reissued = api.post(f"{path}/reissue", json=why, headers=headers).json()
        revoked = api.post(f"{path}/revocation", json=why, headers=headers).json()
        again = api.post(f"{path}/reissue", json=why, headers=headers)
        lifted = api.delete(f"{path}/revocation", headers=headers)

        assert reissued == {
            "id": ticket,
            "event_id": 1,
            "version": 2,
            "status": "valid",
            "is_used": False,
            "attendee_name": None,
            "revoked_at": None,
            "revoked_reason": None,
        }
        assert revoked["revoked_at"] == "2027-03-01T12:00:00Z"
        assert revoked["revoked_reason"] == "The phone was stolen"
        assert code_of(again) == (409, "ticket-out-of-use")
        assert again.json()["reason"] == "revoked"
        assert lifted.status_code == 204
        mine = api.get(path, headers={**ada.headers, "Accept": "application/json"}).json()
        assert SIGNER.read(mine["code"]).version == 2
        assert not mine["is_revoked"]
