import json
import zipfile
from dataclasses import replace
from io import BytesIO

import httpx
import pytest
from jose import jwt

from app.config import Settings
from app.http.services import Services
from app.wiring.adapters import Adapters
from app.wiring.services import build_services
from tests.api.answers import code_of
from tests.api.conftest import OpenApi, Person, one_database
from tests.support.factories import Factory

pytestmark = one_database


@pytest.fixture
def ticket(api: httpx.Client, make: Factory, ada: Person) -> int:
    return make.buy(ada.user, make.event().id).tickets[0].id


def code_shown(api: httpx.Client, person: Person, ticket: int) -> str:
    headers = {**person.headers, "Accept": "application/json"}
    code: str = api.get(f"/tickets/{ticket}", headers=headers).json()["code"]
    return code


class TestApplePass:
    def test_carries_the_code(self, api: httpx.Client, ada: Person, ticket: int) -> None:
        answer = api.get(f"/tickets/{ticket}/apple-pass", headers=ada.headers)

        assert answer.headers["content-type"] == "application/vnd.apple.pkpass"
        assert answer.headers["cache-control"] == "private, no-cache"
        with zipfile.ZipFile(BytesIO(answer.content)) as archive:
            described = json.loads(archive.read("pass.json"))
        assert described["barcodes"][0]["message"] == code_shown(api, ada, ticket)


class TestGoogleLink:
    def test_carries_the_code(self, api: httpx.Client, ada: Person, ticket: int) -> None:
        answer = api.get(f"/tickets/{ticket}/google-wallet-link", headers=ada.headers)

        address, _, token = answer.json()["url"].rpartition("/")
        assert address == "https://pay.google.com/gp/v/save"
        (saved,) = jwt.get_unverified_claims(token)["payload"]["eventTicketObjects"]
        assert saved["barcode"]["value"] == code_shown(api, ada, ticket)
        assert answer.headers["cache-control"] == "no-store"


class TestWithoutKeys:
    @pytest.mark.parametrize(
        ("path", "wallet"),
        [("apple-pass", "Apple Wallet"), ("google-wallet-link", "Google Wallet")],
    )
    def test_says_that_there_is_none(
        self,
        outside: Adapters,
        services: Services,
        settings: Settings,
        open_api: OpenApi,
        ada: Person,
        ticket: int,
        path: str,
        wallet: str,
    ) -> None:
        plain = replace(outside, apple_passes=None, google_wallet=None)
        api = open_api(replace(services, tickets=build_services(plain, settings).tickets))

        answer = api.get(f"/tickets/{ticket}/{path}", headers=ada.headers)

        assert code_of(answer) == (404, "wallet-not-configured")
        assert answer.json()["wallet"] == wallet
        assert api.get(f"/tickets/{ticket}", headers=ada.headers).is_success
