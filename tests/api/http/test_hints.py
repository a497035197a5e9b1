"""What refusals say to people who meet the API for the first time."""

from typing import Any

import httpx
import pytest

from tests.api.answers import code_of
from tests.api.conftest import one_database
from tests.support.factories import PASSWORD

pytestmark = one_database

EVENT = {"title": "Jazz", "date": "2030-06-01T19:00:00", "location": "Lagos", "ticket_price": 2500}


def errors_of(answer: httpx.Response) -> dict[str, str]:
    """The rule that each field broke."""
    assert code_of(answer) == (422, "validation-failed")
    return {each["pointer"]: each["detail"] for each in answer.json()["errors"]}


class TestValidation:
    @pytest.mark.parametrize(
        ("change", "pointer", "rule"),
        [
            ({"title": None}, "/title", "Input should be a valid string"),
            ({"colour": "red"}, "/colour", "There is no such field here."),
            ({"sales_open_at": "2030-01-01"}, "/sales_open_at", "Belongs in `ticket_types`"),
            ({"ticket_types": [{}] * 21}, "/ticket_types", "Takes at most 20, not 21."),
        ],
    )
    def test_says_what_is_wrong_with_a_field(
        self, api: httpx.Client, change: dict[str, Any], pointer: str, rule: str
    ) -> None:
        answer = api.post("/events/", json=EVENT | change)

        assert errors_of(answer)[pointer].startswith(rule)

    def test_says_that_a_field_is_needed(self, api: httpx.Client) -> None:
        errors = errors_of(api.post("/users/", json={"username": "ab", "password": PASSWORD}))

        assert errors["/email"] == "This field is needed."
        assert errors["/username"] == "Has at least 3 characters, not 2."

    def test_names_the_body_where_all_of_it_is_wrong(self, api: httpx.Client) -> None:
        answer = api.post("/events/", json=[EVENT])

        assert answer.json()["detail"] == "The request breaks a rule at the body."

    def test_has_a_title_of_plain_words(self, api: httpx.Client) -> None:
        assert "``" not in api.post("/events/", json={}).json()["title"]
