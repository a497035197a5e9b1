"""What the description says of successful answers: examples, moments, callers."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from openapi_schema_validator import OAS31Validator, oas31_format_checker

from app.schemas.examples import example_of
from tests.api.conftest import one_database

pytestmark = one_database

JSON = "application/json"


@pytest.fixture
def described(api: httpx.Client) -> dict[str, Any]:
    answer: dict[str, Any] = api.get("/openapi.json").json()
    return answer


def operations_in(described: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for operations in described["paths"].values():
        yield from operations.values()


def answers_in(described: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Each success with content: the operation, the media type, what is said of it."""
    for operation in operations_in(described):
        for status, answer in operation["responses"].items():
            if status.startswith("2"):
                for media_type, content in answer.get("content", {}).items():
                    yield operation["operationId"], media_type, content


def resolver(described: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    return {**schema, "components": described["components"]}


def faults_in(value: Any, schema: dict[str, Any]) -> list[str]:
    validator = OAS31Validator(schema, format_checker=oas31_format_checker)
    return [fault.message for fault in validator.iter_errors(value)]


class TestSuccess:
    def test_has_an_example_that_fits_its_schema(self, described: dict[str, Any]) -> None:
        shown = 0
        for operation, media_type, content in answers_in(described):
            if media_type != JSON:
                continue
            # Names the field that has none yet.
            example_of(content["schema"], described["components"]["schemas"])
            assert "example" in content, operation
            assert faults_in(content["example"], resolver(described, content["schema"])) == []
            shown += 1
        assert shown > 50

    def test_shows_no_empty_example(self, described: dict[str, Any]) -> None:
        for operation, media_type, content in answers_in(described):
            if media_type == JSON:
                assert content["example"] not in ({}, [], [{}]), operation


class TestMoment:
    def test_in_an_answer_says_that_it_is_one(self, described: dict[str, Any]) -> None:
        schemas = described["components"]["schemas"]
        moments = [
            (f"{name}.{field}", choice)
            for name, schema in schemas.items()
            if name.endswith("Out")
            for field, of_field in schema.get("properties", {}).items()
            if field.endswith("_at") or field in ("at", "date", "purchase_date", "event_date")
            for choice in of_field.get("anyOf", [of_field])
            if choice.get("type") != "null"
        ]

        assert len(moments) > 40
        assert [name for name, choice in moments if choice.get("format") != "date-time"] == []

    def test_on_its_way_in_may_be_local_and_is_no_date_time(
        self, described: dict[str, Any]
    ) -> None:
        date = described["components"]["schemas"]["EventCreate"]["properties"]["date"]

        assert "format" not in date
        for moment in ("2030-06-01", "2030-06-01T19:00:00", "2030-06-01T19:00:00+01:00"):
            assert faults_in(moment, date) == []
        for wrong in ("tomorrow", "2030-13-01", "2030-06-01T25:00:00", "19:00"):
            assert faults_in(wrong, date)


class TestCallers:
    def test_are_told_where_no_login_is_needed(self, described: dict[str, Any]) -> None:
        security = {each["operationId"]: each.get("security") for each in operations_in(described)}

        assert None not in security.values()
        assert security["register"] == []
        assert security["list_events"] == []
        assert security["show_me"] == [{"OAuth2PasswordBearer": []}]
        # The demo lets everybody create events, and an organizer anywhere else.
        assert security["create_event"] == [{"OAuth2PasswordBearer": []}, {}]


class TestShop:
    def test_says_where_it_is_who_made_it_and_under_which_licence(
        self, described: dict[str, Any]
    ) -> None:
        assert described["servers"][0]["url"] == "/"
        assert described["info"]["contact"]["name"]
        assert described["info"]["license"] == {"name": "MIT", "identifier": "MIT"}
