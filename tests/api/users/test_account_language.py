"""The language of an account: what its mails and tickets are in."""

import httpx
import pytest

from app.http.services import Services
from tests.api.conftest import one_database
from tests.steps.browsing import Visitor
from tests.support.factories import Factory
from tests.support.fakes import FakeMailer

ACCOUNT = "/account/sessions"


@pytest.fixture
def visitor(api: httpx.Client, make: Factory) -> Visitor:
    make.user(name="ada")
    visitor = Visitor(api)
    visitor.sign_in("ada")
    return visitor


class TestLanguage:
    def test_of_mails_and_of_this_browser_is_chosen_together(
        self, visitor: Visitor, make: Factory, services: Services, mailer: FakeMailer
    ) -> None:
        assert '<option value="en" lang="en" selected>' in visitor.open(ACCOUNT)

        answer = visitor.post(f"{ACCOUNT}/language", language="fr")
        page = visitor.open(answer.headers["location"])
        ada = services.users.find(email="ada@example.com", username="ada")
        assert ada is not None
        make.buy(ada, make.event().id)
        make.work()

        assert '<html lang="fr">' in page
        assert '<option value="fr" lang="fr" selected>' in page
        assert mailer.sent[-1].text.startswith("Bonjour ada")

    @one_database
    def test_is_not_changed_by_a_link(self, visitor: Visitor, services: Services) -> None:
        assert '<html lang="fr">' in visitor.open(f"{ACCOUNT}?lang=fr")

        ada = services.users.find(email="ada@example.com", username="ada")
        assert ada is not None
        assert ada.language is None

    @one_database
    def test_is_one_of_ours_and_chosen_with_the_proof_of_the_session(
        self, visitor: Visitor, services: Services
    ) -> None:
        visitor.post(f"{ACCOUNT}/language", 422, language="tlh")
        visitor.csrf = "0" * 64
        visitor.post(f"{ACCOUNT}/language", 403, language="fr")

        ada = services.users.find(email="ada@example.com", username="ada")
        assert ada is not None
        assert ada.language is None

    @one_database
    def test_of_explanations_for_programmers_is_english(self, api: httpx.Client) -> None:
        page = api.get("/problems/sold-out?lang=fr").text

        assert '<html lang="fr">' in page
        assert page.count('<p lang="en">') == 2
