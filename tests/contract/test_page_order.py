"""Every operation in the order of `/docs`, after the order its first lines describe."""

from collections.abc import Iterator
from typing import Any

import httpx

from tests.api.conftest import one_database
from tests.contract.visitor import Visitor, found

pytestmark = one_database

DESCRIBED_ORDER = ("create_event", "buy_ticket", "verify_payment", "show_ticket")
NEEDED_FIRST = "Needed first:"


def in_page_order(described: dict[str, Any]) -> Iterator[str]:
    tags = [tag["name"] for tag in described["tags"]]
    operations = [
        operation for methods in described["paths"].values() for operation in methods.values()
    ]
    for operation in sorted(operations, key=lambda each: tags.index(each["tags"][0])):
        yield operation["operationId"]


class TestPage:
    def test_has_operations_that_succeed_from_top_to_bottom_or_say_what_they_need(
        self, api: httpx.Client
    ) -> None:
        described = api.get("/openapi.json").json()
        visitor = Visitor(api, described, reads_mail=False)
        visitor.authorize()
        for operation in DESCRIBED_ORDER:
            assert visitor.execute(operation).is_success, operation

        refused = {
            operation: answer.text
            for operation in in_page_order(described)
            if operation != "register" and not (answer := visitor.execute(operation)).is_success
        }

        unexplained = {
            operation: why
            for operation, why in refused.items()
            if NEEDED_FIRST not in found(described, operation)[2]["description"]
        }
        assert unexplained == {}
