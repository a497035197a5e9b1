"""Each form of a ticket has an address with one media type, whatever `Accept` says."""

from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from tests.api.conftest import Person, one_database
from tests.support.factories import Factory

ADDRESSES = {
    "": "image/png",
    "/details": "application/json",
    "/qr.png": "image/png",
    "/qr.svg": "image/svg+xml",
    "/ticket.pdf": "application/pdf",
}
OWN = [address for address in ADDRESSES if address]


@pytest.fixture
def ticket(make: Factory, ada: Person, organizer: Person) -> int:
    event = make.event(organizer=organizer.user)
    return make.buy(ada.user, event.id).tickets[0].id


class TestAddress:
    @one_database
    @pytest.mark.parametrize("address", ADDRESSES)
    @pytest.mark.parametrize("accept", [None, "*/*"])
    def test_answers_in_its_form_to_callers_who_ask_for_none(
        self, api: httpx.Client, ada: Person, ticket: int, address: str, accept: str | None
    ) -> None:
        request = api.build_request("GET", f"/tickets/{ticket}{address}", headers=ada.headers)
        request.headers.pop("Accept")
        if accept is not None:
            request.headers["Accept"] = accept

        answer = api.send(request)

        assert answer.status_code == 200
        assert answer.headers["content-type"].split(";")[0] == ADDRESSES[address]

    @one_database
    @pytest.mark.parametrize("address", OWN)
    def test_answers_in_its_form_to_callers_who_ask_for_another(
        self, api: httpx.Client, ada: Person, ticket: int, address: str
    ) -> None:
        headers = {**ada.headers, "Accept": "text/csv"}

        answer = api.get(f"/tickets/{ticket}{address}", headers=headers)

        assert answer.headers["content-type"].split(";")[0] == ADDRESSES[address]
        assert "vary" not in answer.headers

    @one_database
    @pytest.mark.parametrize("address", ["/qr.png", "/qr.svg"])
    def test_takes_a_size(self, api: httpx.Client, ada: Person, ticket: int, address: str) -> None:
        small, large = (
            api.get(f"/tickets/{ticket}{address}", params={"size": size}, headers=ada.headers)
            for size in (200, 900)
        )

        assert small.content != large.content

    @one_database
    @pytest.mark.parametrize("address", OWN)
    def test_saves_sending_it_again(
        self, api: httpx.Client, ada: Person, ticket: int, address: str
    ) -> None:
        first = api.get(f"/tickets/{ticket}{address}", headers=ada.headers)
        headers = {**ada.headers, "If-None-Match": first.headers["etag"]}

        again = api.get(f"/tickets/{ticket}{address}", headers=headers)

        assert again.status_code == 304


AS_PREPARED = {"get /exports/{export_id}/file"}
"""In the form that was asked for when it was prepared, which its address does not tell."""


class TestDescription:
    def test_gives_each_operation_one_form_of_success(self, app: FastAPI) -> None:
        several: dict[str, Any] = {}
        for path, operations in app.openapi()["paths"].items():
            for method, operation in operations.items():
                successes = {
                    status: list(answer.get("content", {}))
                    for status, answer in operation["responses"].items()
                    if status.startswith("2")
                }
                if len(successes) > 1 or any(len(forms) > 1 for forms in successes.values()):
                    several[f"{method} {path}"] = successes

        assert set(several) == AS_PREPARED
