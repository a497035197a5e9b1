"""Whose attempts are counted together, seen from outside."""

from collections.abc import Callable

import httpx
import pytest
from fastapi import FastAPI

from app.config import Settings
from tests.api.answers import code_of
from tests.api.conftest import one_database
from tests.programs.in_process import InProcess

pytestmark = one_database

Try = Callable[..., tuple[int, str | None]]
PROXY = "10.0.0.2"


@pytest.fixture
def tries(app: FastAPI, settings: Settings) -> Try:
    """Log in with wrong passwords to as many accounts as an address may, and then once more."""

    def from_there(
        *, connection: str, forwarded: Callable[[int], str | None], proxies: int | None
    ) -> tuple[int, str | None]:
        app.state.trusted_proxies = proxies
        transport = InProcess(app, client=(connection, 1))
        with httpx.Client(transport=transport, base_url="https://shop.test") as client:
            for number in range(settings.login_attempts_from_address + 1):
                header = forwarded(number)
                answer = client.post(
                    "/token",
                    data={"username": f"name{number}", "password": "wrong"},
                    headers={} if header is None else {"X-Forwarded-For": header},
                )
        return code_of(answer)

    return from_there


class TestLogIn:
    @pytest.mark.parametrize("proxies", [None, 0, 1])
    def test_counts_by_the_connection(self, tries: Try, proxies: int | None) -> None:
        refusal = tries(connection="203.0.113.5", forwarded=lambda _: None, proxies=proxies)

        assert refusal == (429, "too-many-logins")

    @pytest.mark.parametrize("proxies", [None, 0])
    def test_does_not_believe_what_a_client_says_of_itself(
        self, tries: Try, proxies: int | None
    ) -> None:
        refusal = tries(
            connection="8.8.8.8", forwarded=lambda number: f"1.2.{number}.4", proxies=proxies
        )

        assert refusal == (429, "too-many-logins")

    @pytest.mark.parametrize(
        ("proxies", "added"),
        [(1, "203.0.113.5"), (1, "203.0.113.5:1234"), (2, "[2001:db8::7]:99, 10.0.0.9")],
    )
    def test_counts_by_what_the_outermost_trusted_proxy_saw(
        self, tries: Try, proxies: int, added: str
    ) -> None:
        refusal = tries(
            connection=PROXY,
            forwarded=lambda number: f"1.2.{number}.4, {added}",
            proxies=proxies,
        )

        assert refusal == (429, "too-many-logins")

    @pytest.mark.parametrize("proxies", [None, 1])
    def test_does_not_take_all_clients_of_a_proxy_for_one(
        self, tries: Try, proxies: int | None
    ) -> None:
        refusal = tries(
            connection=PROXY, forwarded=lambda number: f"1.2.{number}.4", proxies=proxies
        )

        assert refusal == (401, "wrong-credentials")

    def test_counts_nobody_of_whom_nothing_is_known(self, tries: Try) -> None:
        refusal = tries(connection="", forwarded=lambda _: None, proxies=0)

        assert refusal == (401, "wrong-credentials")

    def test_reads_a_header_of_any_length(self, tries: Try) -> None:
        refusal = tries(
            connection=PROXY, forwarded=lambda _: "," * 5000 + " x, 203.0.113.5", proxies=1
        )

        assert refusal == (429, "too-many-logins")
