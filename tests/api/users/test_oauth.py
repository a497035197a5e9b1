"""The token endpoint, as programs that only know OAuth 2.0 use it."""

import httpx
import pytest

from tests.api.answers import problem_of
from tests.api.conftest import Person, one_database
from tests.support.factories import PASSWORD

pytestmark = one_database

ADDRESSES = ["/token", "/token/refresh"]


def log_in(api: httpx.Client) -> str:
    form = {"grant_type": "password", "username": "ada", "password": PASSWORD}
    token: str = api.post("/token", data=form).json()["refresh_token"]
    return token


class TestRefreshGrant:
    @pytest.mark.parametrize("address", ADDRESSES)
    def test_takes_the_form(self, api: httpx.Client, ada: Person, address: str) -> None:
        form = {
            "grant_type": "refresh_token",
            "refresh_token": log_in(api),
            "scope": "",
            "client_id": "web",
            "client_secret": "",
        }

        answer = api.post(address, data=form)
        again = api.post(address, data=form)

        assert answer.status_code == 200
        assert answer.json()["refresh_token"] != form["refresh_token"]
        assert problem_of(again)["error"] == "invalid_grant"

    def test_still_takes_json(self, api: httpx.Client, ada: Person) -> None:
        answer = api.post("/token/refresh", json={"refresh_token": log_in(api)})

        assert answer.status_code == 200

    @pytest.mark.parametrize("address", ADDRESSES)
    @pytest.mark.parametrize("token", ["", "\x00", "ä" * 300])
    def test_refuses_odd_tokens(
        self, api: httpx.Client, ada: Person, address: str, token: str
    ) -> None:
        form = {"grant_type": "refresh_token", "refresh_token": token}

        answer = api.post(address, data=form)

        assert problem_of(answer)["error"] in ("invalid_request", "invalid_grant")

    def test_is_taken_as_a_form_nowhere_else(self, api: httpx.Client, ada: Person) -> None:
        for path in ("/token/revoke", "/users/"):
            assert api.post(path, data={"refresh_token": "x"}).status_code == 415


class TestErrors:
    @pytest.mark.parametrize(
        ("form", "status", "error"),
        [
            ({"username": "ada", "password": "wrong"}, 401, "invalid_grant"),
            ({"username": "nobody", "password": "wrong"}, 401, "invalid_grant"),
            ({"username": "ada"}, 422, "invalid_request"),
            ({"grant_type": "refresh_token"}, 422, "invalid_request"),
            (
                {"grant_type": "client_credentials", "username": "ada", "password": "x"},
                422,
                "unsupported_grant_type",
            ),
        ],
    )
    def test_carry_the_members_of_oauth(
        self, api: httpx.Client, ada: Person, form: dict[str, str], status: int, error: str
    ) -> None:
        answer = api.post("/token", data=form)

        assert answer.status_code == status
        body = problem_of(answer)
        assert body["error"] == error
        assert body["error_description"] == body["detail"]

    def test_of_other_operations_do_not(self, api: httpx.Client) -> None:
        assert "error" not in problem_of(api.get("/users/me"))
