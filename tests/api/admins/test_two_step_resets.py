"""Owners who lost the authenticator app and the recovery codes are helped by admins."""

import httpx
import pytest

from app.http.services import Services
from tests.api.answers import code_of
from tests.api.conftest import Person
from tests.steps.browsing import Visitor
from tests.steps.two_step import switched_on
from tests.support.factories import PASSWORD, Factory
from tests.support.fakes import FakeClock, FakeMailer

WHY = {"reason": "Showed her passport"}
OFF = "Your password is enough to sign in again"


@pytest.fixture
def locked_out(services: Services, clock: FakeClock, ada: Person) -> Person:
    switched_on(services, clock, ada.user)
    return ada


def reset(api: httpx.Client, person: Person, by: Person) -> httpx.Response:
    path = f"/admin/people/{person.user.id}/reset-two-step"
    return api.post(path, json=WHY, headers=by.headers)


class TestReset:
    def test_lets_the_owner_in_and_tells_them(
        self,
        api: httpx.Client,
        services: Services,
        make: Factory,
        mailer: FakeMailer,
        admin: Person,
        locked_out: Person,
    ) -> None:
        person = f"/admin/people/{locked_out.user.id}"
        assert api.get(person, headers=admin.headers).json()["two_step_since"] is not None

        answer = reset(api, locked_out, admin)

        assert answer.status_code == 204
        assert api.get(person, headers=admin.headers).json()["two_step_since"] is None
        services.sessions.log_in(name=locked_out.user.username, password=PASSWORD)
        make.work()
        assert mailer.to(locked_out.user.email)[-1].subject == OFF
        (row,) = api.get("/admin/actions?action=two-step-reset", headers=admin.headers).json()
        assert (row["account_id"], row["reason"]) == (locked_out.user.id, WHY["reason"])
        assert code_of(reset(api, locked_out, admin)) == (409, "two-step-off")

    def test_is_for_admins_but_not_of_themselves(
        self,
        api: httpx.Client,
        services: Services,
        clock: FakeClock,
        admin: Person,
        organizer: Person,
        locked_out: Person,
    ) -> None:
        app, _ = switched_on(services, clock, admin.user)
        pair = services.sessions.log_in(
            name=admin.user.username, password=PASSWORD, totp=app.next_code()
        )
        again = Person(admin.user, {"Authorization": f"Bearer {pair.access_token}"})

        assert code_of(reset(api, locked_out, organizer)) == (403, "role-missing")
        assert code_of(reset(api, again, again)) == (409, "own-account")


class TestPage:
    def test_resets_once_it_is_confirmed_with_a_reason(
        self, api: httpx.Client, admin: Person, bola: Person, locked_out: Person
    ) -> None:
        desk = Visitor(api)
        desk.sign_in(admin.user.username)
        person = f"/admin/person/{locked_out.user.id}"
        action = f"/admin/do/person/{locked_out.user.id}/reset-two-step"
        assert f'href="{action}"' in desk.open(person)
        assert "reset-two-step" not in desk.open(f"/admin/person/{bola.user.id}")
        assert "mail tells its owner" in desk.open(action)

        desk.post(action, 422, reason="", confirmed="yes")
        desk.post(action, 422, reason="Lost her phone")
        desk.post(action, reason="Lost her phone", confirmed="yes")

        page = desk.open(person)
        assert f'href="{action}"' not in page
        assert "Lost her phone" in page
