import base64
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
from jose import jwt

from app.clients.machine import RandomIds
from app.clients.security.tokens import JwtAccessTokens
from app.domain.operations.clocks import LEEWAY
from app.domain.ports import AccessClaims
from tests.api.answers import code_of
from tests.api.conftest import Person, one_database
from tests.support.factories import PASSWORD
from tests.support.fakes import START, FakeClock
from tests.support.outside import SECRET_KEY

pytestmark = one_database

ATTEMPTS = 10
WINDOW = timedelta(minutes=15)


def log_in(api: httpx.Client, name: str = "ada", password: str = PASSWORD) -> httpx.Response:
    return api.post("/token", data={"username": name, "password": password})


def refresh(api: httpx.Client, token: str) -> httpx.Response:
    return api.post("/token/refresh", json={"refresh_token": token})


def me(api: httpx.Client, authorization: str) -> httpx.Response:
    return api.get("/users/me", headers={"Authorization": authorization})


def is_let_in(api: httpx.Client, access_token: str) -> bool:
    return me(api, f"Bearer {access_token}").status_code == 200


class TestLogIn:
    @pytest.mark.parametrize("name", ["ada", "ADA", "ada@example.com", "Ada@Example.COM"])
    def test_takes_the_user_name_or_the_address_in_any_case(
        self, api: httpx.Client, ada: Person, name: str
    ) -> None:
        answer = log_in(api, name)

        assert answer.status_code == 200
        assert answer.json().keys() == {
            "access_token",
            "token_type",
            "expires_in",
            "refresh_token",
        }
        assert answer.json()["expires_in"] == 1800
        assert is_let_in(api, answer.json()["access_token"])

    def test_says_the_same_for_a_wrong_name_and_a_wrong_password(
        self, api: httpx.Client, ada: Person
    ) -> None:
        wrong_name, wrong_password = log_in(api, "nobody"), log_in(api, password="wrong")

        assert wrong_name.json() == wrong_password.json()

    def test_is_limited_for_each_account(
        self, api: httpx.Client, ada: Person, bola: Person
    ) -> None:
        guesses = [log_in(api, password=f"guess {number}") for number in range(ATTEMPTS)]

        refused = log_in(api)

        assert {answer.status_code for answer in guesses} == {401}
        assert code_of(refused) == (429, "too-many-logins")
        assert 0 < int(refused.headers["retry-after"]) <= WINDOW.total_seconds()
        assert log_in(api, "ADA").status_code == 429
        assert log_in(api, "bola").status_code == 200

    def test_opens_again_after_the_window(
        self, api: httpx.Client, clock: FakeClock, ada: Person
    ) -> None:
        for number in range(ATTEMPTS + 1):
            refused = log_in(api, password=f"guess {number}")

        clock.advance(timedelta(seconds=int(refused.headers["retry-after"])))

        assert log_in(api).status_code == 200

    def test_forgets_wrong_guesses_after_a_right_one(self, api: httpx.Client, ada: Person) -> None:
        for _ in range(2):
            for number in range(ATTEMPTS - 1):
                log_in(api, password=f"guess {number}")

            assert log_in(api).status_code == 200

    @pytest.mark.parametrize(
        "form", [{}, {"username": "ada"}, {"password": "x"}, {"grant_type": "client_credentials"}]
    )
    def test_refuses_half_a_form(self, api: httpx.Client, form: dict[str, str]) -> None:
        assert code_of(api.post("/token", data=form)) == (422, "validation-failed")

    def test_takes_the_oauth_form_with_all_its_fields(self, api: httpx.Client, ada: Person) -> None:
        form = {
            "grant_type": "password",
            "username": "ada",
            "password": PASSWORD,
            "scope": "",
            "client_id": "string",
            "client_secret": "string",
        }

        assert api.post("/token", data=form).status_code == 200


class TestRefresh:
    def test_gives_the_next_pair(self, api: httpx.Client, ada: Person) -> None:
        first = log_in(api).json()

        second = refresh(api, first["refresh_token"]).json()

        assert second["refresh_token"] != first["refresh_token"]
        assert is_let_in(api, second["access_token"])

    def test_ends_the_login_when_a_token_is_used_twice(
        self, api: httpx.Client, ada: Person
    ) -> None:
        stolen = log_in(api).json()["refresh_token"]
        heir = refresh(api, stolen).json()

        again = refresh(api, stolen)

        assert code_of(again) == (401, "refresh-token-invalid")
        assert again.headers["www-authenticate"] == "Bearer"
        assert not is_let_in(api, heir["access_token"])
        assert refresh(api, heir["refresh_token"]).status_code == 401
        assert me(api, ada.headers["Authorization"]).status_code == 200, "another login of hers"

    def test_keeps_a_login_alive_as_long_as_it_is_used(
        self, api: httpx.Client, clock: FakeClock, ada: Person
    ) -> None:
        token = log_in(api).json()["refresh_token"]
        for _ in range(3):
            clock.advance(timedelta(days=29))
            token = refresh(api, token).json()["refresh_token"]

        clock.advance(timedelta(days=30))

        assert refresh(api, token).status_code == 401

    @pytest.mark.parametrize("token", ["x", "a" * 43, "ä" * 43])
    def test_refuses_what_it_never_gave(self, api: httpx.Client, ada: Person, token: str) -> None:
        assert code_of(refresh(api, token)) == (401, "refresh-token-invalid")

    def test_takes_no_access_token(self, api: httpx.Client, ada: Person) -> None:
        access_token = log_in(api).json()["access_token"]

        assert refresh(api, access_token).status_code in (401, 422)


class TestLogOut:
    def test_ends_this_login_only(self, api: httpx.Client, ada: Person) -> None:
        pair = log_in(api).json()

        answer = api.post("/token/revoke", json={"refresh_token": pair["refresh_token"]})

        assert answer.status_code == 204
        assert not is_let_in(api, pair["access_token"])
        assert refresh(api, pair["refresh_token"]).status_code == 401
        assert me(api, ada.headers["Authorization"]).status_code == 200

    def test_is_content_with_an_unknown_token(self, api: httpx.Client) -> None:
        answer = api.post("/token/revoke", json={"refresh_token": "never seen"})

        assert answer.status_code == 204


def forged(token: str, *, key: str = SECRET_KEY, **changes: Any) -> str:
    """The token with other claims, signed anew; a claim of ``None`` is left out."""
    header, claims = jwt.get_unverified_header(token), jwt.get_unverified_claims(token)
    claims = {name: value for name, value in {**claims, **changes}.items() if value is not None}
    return jwt.encode(claims, key, algorithm="HS256", headers=header)


def with_header(token: str, **changes: Any) -> str:
    header = {**jwt.get_unverified_header(token), **changes}
    packed = base64.urlsafe_b64encode(json.dumps(header).encode()).decode().rstrip("=")
    return ".".join([packed, *token.split(".")[1:]])


TAMPERED: dict[str, Callable[[str], str]] = {
    "cut off": lambda token: token[:-1],
    "longer": lambda token: token + "A",
    "padded": lambda token: token + "=",
    "without signature": lambda token: token.rsplit(".", 1)[0] + ".",
    "two parts": lambda token: token.rsplit(".", 1)[0],
    "four parts": lambda token: token + ".x",
    "other signature": lambda token: token.rsplit(".", 1)[0] + "." + "A" * 43,
    "upper case": lambda token: token.upper(),
    "no algorithm": lambda token: with_header(token, alg="none").rsplit(".", 1)[0] + ".",
    "other algorithm": lambda token: with_header(token, alg="HS512"),
    "other type": lambda token: with_header(token, typ="JWT"),
    "other key id": lambda token: with_header(token, kid="0" * 16),
    "critical header": lambda token: with_header(token, crit=["x"]),
    "other key": lambda token: forged(token, key="another-secret-key-of-enough-length"),
    "other audience": lambda token: forged(token, aud="somebody-else"),
    "other issuer": lambda token: forged(token, iss="somebody-else"),
    "ended": lambda token: forged(token, exp=int((START - LEEWAY).timestamp())),
    "from the future": lambda token: forged(token, iat=int(START.timestamp()) + 3600),
    "no end": lambda token: forged(token, exp=None),
    "no audience": lambda token: forged(token, aud=None),
    "no issuer": lambda token: forged(token, iss=None),
    "no subject": lambda token: forged(token, sub=None),
    "no session": lambda token: forged(token, sid=None),
    "no id": lambda token: forged(token, jti=None),
    "somebody else's session": lambda token: forged(token, sub="2"),
    "unknown session": lambda token: forged(token, sid=99),
    "huge session": lambda token: forged(token, sid=2**63),
    "subject of zero": lambda token: forged(token, sub="0"),
    "subject with a sign": lambda token: forged(token, sub="+1"),
    "empty": lambda token: "",
    "nonsense": lambda token: "nonsense",
    "dots": lambda token: "..",
    "very long": lambda token: "a" * 10_000,
}


class TestAccessToken:
    def test_is_taken_as_it_was_given(self, api: httpx.Client, ada: Person, bola: Person) -> None:
        token = log_in(api).json()["access_token"]

        assert is_let_in(api, token)
        assert is_let_in(api, forged(token)), "forging without a change must work"

    @pytest.mark.parametrize("way", list(TAMPERED))
    def test_is_refused_when_tampered_with(
        self, api: httpx.Client, ada: Person, bola: Person, way: str
    ) -> None:
        token = TAMPERED[way](log_in(api).json()["access_token"])

        answer = me(api, f"Bearer {token}")

        assert code_of(answer) == (401, "not-logged-in")
        assert answer.headers["www-authenticate"].startswith("Bearer")

    @pytest.mark.parametrize("scheme", ["Basic", "Token", "Bearer,", ""])
    def test_needs_the_bearer_scheme(self, api: httpx.Client, ada: Person, scheme: str) -> None:
        token = log_in(api).json()["access_token"]

        assert code_of(me(api, f"{scheme} {token}".strip())) == (401, "not-logged-in")

    def test_is_read_whatever_the_case_of_the_scheme(self, api: httpx.Client, ada: Person) -> None:
        token = log_in(api).json()["access_token"]

        assert me(api, f"bearer {token}").status_code == 200

    def test_ends(self, api: httpx.Client, clock: FakeClock, ada: Person) -> None:
        clock.advance(timedelta(minutes=30) + LEEWAY)

        assert me(api, ada.headers["Authorization"]).status_code == 401

    def test_of_another_shop_is_refused(self, api: httpx.Client, ada: Person) -> None:
        tokens = JwtAccessTokens(
            keys=["a-key-that-is-nobody-elses-business"],
            lifetime=timedelta(minutes=30),
            ids=RandomIds(),
        )
        claims = AccessClaims(user_id=ada.user.id, session_id=1)

        assert not is_let_in(api, tokens.issue(claims, now=START))

    def test_is_refused_where_none_is_needed(self, api: httpx.Client) -> None:
        answer = api.post("/events/", json={}, headers={"Authorization": "Bearer nonsense"})

        assert code_of(answer) == (401, "not-logged-in")
