"""A person's own logins over HTTP."""

import httpx
import pytest

from tests.api.conftest import Person
from tests.support.factories import PASSWORD


def log_in(api: httpx.Client) -> str:
    answer = api.post("/token", data={"username": "ada", "password": PASSWORD})
    token: str = answer.json()["access_token"]
    return token


class TestSessions:
    @pytest.mark.parametrize(
        ("user_agent", "kind"),
        [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "browser"),
            ("Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 Mobile/15E148", "phone-browser"),
            ("curl/8.9.1", "program"),
            ("", None),
        ],
    )
    def test_show_what_they_began_with_and_which_one_asks(
        self, api: httpx.Client, ada: Person, user_agent: str, kind: str | None
    ) -> None:
        form = {"username": "ada", "password": PASSWORD}
        headers = {"User-Agent": user_agent}
        api.post("/token", data=form, headers={"User-Agent": "elsewhere"})
        token = api.post("/token", data=form, headers=headers).json()["access_token"]

        shown = api.get("/users/me/sessions", headers={"Authorization": f"Bearer {token}"}).json()

        assert [(login["client_kind"], login["is_current"]) for login in shown][:2] == [
            (kind, True),
            ("program", False),
        ]

    def test_can_be_ended_one_by_one(self, api: httpx.Client, ada: Person) -> None:
        mine, lost = (log_in(api) for _ in "12")
        headers = {"Authorization": f"Bearer {mine}"}
        newest, *_ = api.get("/users/me/sessions", headers=headers).json()

        ended = api.delete(f"/users/me/sessions/{newest['id']}", headers=headers)

        assert ended.status_code == 204
        answers = [
            api.get("/users/me", headers={"Authorization": f"Bearer {token}"})
            for token in (mine, lost)
        ]
        assert [answer.status_code for answer in answers] == [200, 401]
