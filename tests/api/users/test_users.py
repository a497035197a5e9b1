from typing import Any

import httpx
import pytest

from app.domain.states import Role
from app.http.services import Services
from tests.api.answers import code_of, pointers_of
from tests.api.conftest import OpenApi, Person, one_database
from tests.support.factories import PASSWORD

NEW_PASSWORD = "another horse battery"


def registration(**changes: Any) -> dict[str, Any]:
    return {
        "email": "new@example.com",
        "username": "newcomer",
        "password": "password123",
        **changes,
    }


def log_in(api: httpx.Client, name: str, password: str) -> httpx.Response:
    return api.post("/token", data={"username": name, "password": password})


class TestRegister:
    def test_opens_a_buyers_account(self, api: httpx.Client) -> None:
        answer = api.post("/users/", json=registration(full_name="New Comer"))

        assert answer.status_code == 201
        assert answer.json() == {
            "id": 1,
            "email": "new@example.com",
            "email_confirmed": False,
            "username": "newcomer",
            "full_name": "New Comer",
            "language": None,
            "role": "buyer",
            "created_at": "2027-03-01T12:00:00Z",
        }

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("username", "boss\uff20example.com"),
            ("username", "\ufdfa" * 20),
            ("username", "\u0430dmin"),
            ("username", "admin\u200b"),
            ("email", "\ufdfa" * 60 + "@example.com"),
            ("email", "=?utf-8?q?victim?=@example.com"),
        ],
        ids=ascii,
    )
    def test_refuses_names_that_stand_for_others_or_fit_no_column(
        self, api: httpx.Client, field: str, value: str
    ) -> None:
        answer = api.post("/users/", json=registration(**{field: value}))

        assert pointers_of(answer) == [f"/{field}"]

    @one_database
    @pytest.mark.parametrize(
        "email",
        ["", "plain", "a@", "@b.com", "a b@example.com", "a@b", "a@-b.com", "a@example..com", "ä"],
    )
    def test_refuses_what_is_no_address(self, api: httpx.Client, email: str) -> None:
        answer = api.post("/users/", json=registration(email=email))

        assert pointers_of(answer) == ["/email"]

    @pytest.mark.parametrize(
        ("email", "kept"),
        [
            ("Ada@EXAMPLE.com", "Ada@example.com"),
            ("ada@bücher.example.com", "ada@bücher.example.com"),
            ("  ada@example.com  ", None),
        ],
    )
    def test_keeps_the_address_as_written_with_a_normal_domain(
        self, api: httpx.Client, email: str, kept: str | None
    ) -> None:
        answer = api.post("/users/", json=registration(email=email))

        assert answer.json().get("email") == kept

    @one_database
    @pytest.mark.parametrize("name", ["ab", "a" * 65, "a b c", "a@b", "a/b", "a\nb", "a\x07b"])
    def test_refuses_an_odd_user_name(self, api: httpx.Client, name: str) -> None:
        answer = api.post("/users/", json=registration(username=name))

        assert pointers_of(answer) == ["/username"]

    @pytest.mark.parametrize("twin", ["STRASSE", "Strasse", "straße"])
    def test_compares_user_names_without_case(self, api: httpx.Client, twin: str) -> None:
        api.post("/users/", json=registration(username="straße"))

        answer = api.post("/users/", json=registration(username=twin, email="b@example.com"))

        assert code_of(answer) == (409, "username-taken")

    @pytest.mark.parametrize(("length", "status"), [(7, 422), (8, 201), (128, 201), (129, 422)])
    def test_takes_passwords_of_8_to_128_characters(
        self, api: httpx.Client, length: int, status: int
    ) -> None:
        answer = api.post("/users/", json=registration(password="ä" * length))

        assert answer.status_code == status

    def test_keeps_blanks_at_the_ends_of_a_password(self, api: httpx.Client) -> None:
        api.post("/users/", json=registration(password="  blanks  "))

        assert log_in(api, "newcomer", "blanks").status_code == 401
        assert log_in(api, "newcomer", "  blanks  ").status_code == 200

    @one_database
    @pytest.mark.parametrize("field", ["role", "id", "is_admin"])
    def test_lets_nobody_choose_a_role(self, api: httpx.Client, field: str) -> None:
        answer = api.post("/users/", json=registration(**{field: "admin"}))

        assert pointers_of(answer) == [f"/{field}"]

    def test_takes_a_common_password_in_the_demo_only(
        self, api: httpx.Client, open_api: OpenApi, production: Services
    ) -> None:
        strict = open_api(production)

        refused = strict.post("/users/", json=registration(password="Password123"))
        taken = api.post("/users/", json=registration(password="Password123"))

        assert code_of(refused) == (422, "password-too-common")
        assert pointers_of(refused) == ["/password"]
        assert taken.status_code == 201


class TestShowMe:
    def test_shows_the_caller(self, api: httpx.Client, organizer: Person) -> None:
        answer = api.get("/users/me", headers=organizer.headers)

        assert answer.status_code == 200
        assert answer.json()["username"] == "organizer"
        assert answer.json()["role"] == Role.ORGANIZER
        assert "password" not in answer.text


class TestChangeMe:
    def test_changes_what_is_given_only(self, api: httpx.Client, ada: Person) -> None:
        answer = api.patch("/users/me", json={"full_name": "Ada Obi"}, headers=ada.headers)

        assert answer.status_code == 200
        assert answer.json() == api.get("/users/me", headers=ada.headers).json()
        assert answer.json()["full_name"] == "Ada Obi"
        assert answer.json()["email"] == "ada@example.com"

    def test_renames_so_that_the_old_name_is_free(self, api: httpx.Client, ada: Person) -> None:
        api.patch("/users/me", json={"username": "lovelace"}, headers=ada.headers)

        assert log_in(api, "lovelace", PASSWORD).status_code == 200
        assert log_in(api, "ada", PASSWORD).status_code == 401
        assert api.post("/users/", json=registration(username="ada")).status_code == 201

    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"username": "BOLA"}, "username-taken"),
            ({"email": "Bola@example.com", "current_password": PASSWORD}, "email-taken"),
        ],
    )
    def test_refuses_what_is_taken(
        self, api: httpx.Client, ada: Person, bola: Person, change: dict[str, str], code: str
    ) -> None:
        answer = api.patch("/users/me", json=change, headers=ada.headers)

        assert code_of(answer) == (409, code)
        assert api.get("/users/me", headers=ada.headers).json()["username"] == "ada"

    def test_lets_people_change_the_case_of_their_own_name(
        self, api: httpx.Client, ada: Person
    ) -> None:
        answer = api.patch("/users/me", json={"username": "Ada"}, headers=ada.headers)

        assert answer.json()["username"] == "Ada"


class TestChangePassword:
    def change(self, api: httpx.Client, person: Person, current: str, new: str) -> httpx.Response:
        return api.post(
            "/users/me/password",
            json={"current_password": current, "new_password": new},
            headers=person.headers,
        )

    def test_ends_every_login(self, api: httpx.Client, ada: Person) -> None:
        other = log_in(api, "ada", PASSWORD).json()

        answer = self.change(api, ada, PASSWORD, NEW_PASSWORD)

        assert answer.status_code == 204
        for token in (ada.headers["Authorization"], f"Bearer {other['access_token']}"):
            me = api.get("/users/me", headers={"Authorization": token})
            assert code_of(me) == (401, "not-logged-in")
        refreshed = api.post("/token/refresh", json={"refresh_token": other["refresh_token"]})
        assert code_of(refreshed) == (401, "refresh-token-invalid")

    def test_lets_in_with_the_new_password_only(self, api: httpx.Client, ada: Person) -> None:
        self.change(api, ada, PASSWORD, NEW_PASSWORD)

        assert log_in(api, "ada", PASSWORD).status_code == 401
        assert log_in(api, "ada", NEW_PASSWORD).status_code == 200

    def test_leaves_others_alone(self, api: httpx.Client, ada: Person, bola: Person) -> None:
        self.change(api, ada, PASSWORD, NEW_PASSWORD)

        assert api.get("/users/me", headers=bola.headers).status_code == 200

    def test_needs_the_current_password(self, api: httpx.Client, ada: Person) -> None:
        answer = self.change(api, ada, "not my password", NEW_PASSWORD)

        assert code_of(answer) == (403, "wrong-password")
        assert api.get("/users/me", headers=ada.headers).status_code == 200
        assert log_in(api, "ada", PASSWORD).status_code == 200
