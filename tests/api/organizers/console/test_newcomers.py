"""Newcomers where real money moves: what is left to do before they sell."""

from dataclasses import dataclass

import httpx
import pytest
from pydantic import SecretStr

from app.config import Environment, Settings
from app.domain.states import Role
from app.http.services import Services
from app.wiring.adapters import Adapters
from app.wiring.services import build_services
from tests.api.conftest import OpenApi, one_database
from tests.steps.browsing import Visitor
from tests.steps.console import FORM, created
from tests.support.factories import PASSWORD, Factory
from tests.support.fakes import FakeMailer

pytestmark = one_database

NEW = "/manage/events/new"


@dataclass
class Shop:
    services: Services
    api: httpx.Client

    def newcomer(self, *, confirmed: bool) -> Visitor:
        self.services.users.register(
            email="bola@example.com",
            username="bola",
            password=PASSWORD,
            email_is_confirmed=confirmed,
        )
        visitor = Visitor(self.api)
        visitor.sign_in("bola")
        return visitor


@pytest.fixture
def shop(production: Services, open_api: OpenApi) -> Shop:
    return Shop(production, open_api(production))


@pytest.fixture
def open_shop(outside: Adapters, open_api: OpenApi) -> Shop:
    """One in which everybody with a confirmed address may sell."""
    settings = Settings(
        _env_file=None,
        environment=Environment.PRODUCTION,
        secret_key=SecretStr("q7Jw2mXzR5tVb9KcY4nHd8LfGs3PaEu6"),
        ticket_keys=SecretStr("Zx8KwVu3TnRb6YpLc1HdMf9GsJq2EaWo"),
        paystack_secret_key=SecretStr("sk_live_" + "0a1b2c" * 4),
        public_url="https://shop.test",
        anyone_may_sell=True,
    )
    services = build_services(outside, settings)
    return Shop(services, open_api(services))


class TestNewcomer:
    def test_is_told_to_confirm_the_address_and_whom_to_ask(
        self, shop: Shop, mailer: FakeMailer
    ) -> None:
        newcomer = shop.newcomer(confirmed=False)

        page = newcomer.open(NEW, 403)
        newcomer.post("/manage/confirmation", 200)

        assert "Confirm your e-mail address." in page
        assert "Ask the people who run this shop" in page
        assert 'name="title"' not in page
        Factory(shop.services).work()
        assert any("/account/confirm?token=" in mail.text for mail in mailer.sent)

    def test_who_confirmed_the_address_is_told_whom_to_ask(self, shop: Shop) -> None:
        newcomer = shop.newcomer(confirmed=True)

        page = newcomer.post(NEW, 403, **FORM).text

        assert "is confirmed." in page
        assert "Ask the people who run this shop" in page
        assert newcomer.post("/manage/confirmation").headers["location"] == NEW

    def test_sells_once_an_admin_says_so(self, shop: Shop) -> None:
        newcomer = shop.newcomer(confirmed=True)
        shop.services.users.set_role(name="bola", role=Role.ORGANIZER)

        assert "Lagos Jazz Night" in newcomer.open(created(newcomer))


class TestAnyoneMaySell:
    def test_with_a_confirmed_address(self, open_shop: Shop) -> None:
        newcomer = open_shop.newcomer(confirmed=True)

        path = created(newcomer)

        assert "Lagos Jazz Night" in newcomer.open(path)
        user = open_shop.services.users.find(email="bola@example.com", username="bola")
        assert user is not None
        assert user.role == Role.ORGANIZER

    def test_and_is_told_to_confirm_it_first(self, open_shop: Shop) -> None:
        newcomer = open_shop.newcomer(confirmed=False)

        page = newcomer.open(NEW, 403)
        api = newcomer.post(NEW, 403, **FORM).text

        for each in (page, api):
            assert "Confirm your e-mail address." in each
            assert "Ask the people who run" not in each
        assert "No events yet." in newcomer.open("/manage")

    def test_asks_the_api_for_it_too(self, open_shop: Shop) -> None:
        open_shop.newcomer(confirmed=False)
        login = {"username": "bola", "password": PASSWORD}
        token = open_shop.api.post("/token", data=login).json()["access_token"]
        body = {
            "title": "Lagos Jazz Night",
            "date": "2030-06-01T19:00:00",
            "location": "Freedom Park",
            "ticket_price": 0,
        }

        answer = open_shop.api.post(
            "/events/", json=body, headers={"Authorization": f"Bearer {token}"}
        )

        assert (answer.status_code, answer.json()["code"]) == (403, "email-not-confirmed")
