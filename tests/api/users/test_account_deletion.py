"""Deleting an account over HTTP."""

import httpx

from tests.api.answers import code_of
from tests.api.conftest import Person
from tests.support.factories import PASSWORD, Factory


def delete(api: httpx.Client, person: Person, password: str = PASSWORD) -> httpx.Response:
    body = {"current_password": password}
    return api.request("DELETE", "/users/me", json=body, headers=person.headers)


class TestDeleteMe:
    def test_ends_the_account_and_its_tokens(self, api: httpx.Client, ada: Person) -> None:
        wrong = delete(api, ada, "wrong password")
        done = delete(api, ada)

        assert code_of(wrong) == (403, "wrong-password")
        assert done.status_code == 204
        assert code_of(api.get("/users/me", headers=ada.headers)) == (401, "not-logged-in")
        assert code_of(delete(api, ada)) == (401, "not-logged-in")

    def test_names_what_would_be_lost(self, api: httpx.Client, ada: Person, make: Factory) -> None:
        (ticket,) = make.buy(ada.user, make.event().id).tickets

        refused = delete(api, ada)

        assert code_of(refused) == (409, "account-in-use")
        (obstacle,) = refused.json()["obstacles"]
        assert obstacle["reason"] == "tickets-ahead"
        assert f": {ticket.id}." in obstacle["detail"]
        assert api.get("/users/me", headers=ada.headers).status_code == 200
