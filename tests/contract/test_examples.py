"""What the description promises about each operation, tried with its own examples."""

import json
from typing import Any

import httpx
import pytest

from app.domain.errors import MailRejected, RefundRefused
from app.domain.states import Role
from app.http.services import Services
from tests.contract.steps import (
    ACCOUNT_IN_TWO_STEPS,
    ANOTHER_ACCOUNT,
    DISPUTE_IS_LOST,
    MAIL_FAILS,
    NEEDS_ADMIN,
    OPERATIONS,
    REFUND_FAILS,
    WORK,
    steps_before,
)
from tests.contract.visitor import METHODS, Visitor, found
from tests.steps.two_step import switched_on
from tests.support.factories import Factory
from tests.support.fakes import FakeClock, FakeGateway, FakeMailer


@pytest.fixture(scope="module")
def read() -> dict[str, Any]:
    """What one test read of the description for all of them: it takes as long as ten calls."""
    return {}


@pytest.fixture
def described(api: httpx.Client, read: dict[str, Any]) -> dict[str, Any]:
    if not read:
        read.update(api.get("/openapi.json").json())
    return read


@pytest.fixture
def operations(described: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        operation
        for path in described["paths"].values()
        for method, operation in path.items()
        if method in METHODS
    ]


def bring_about(
    step: str, services: Services, make: Factory, gateway: FakeGateway, mailer: FakeMailer
) -> None:
    """What no caller of an operation can do."""
    if step == WORK:
        make.work()
    if step == MAIL_FAILS:
        mailer.failure = MailRejected("no such mailbox")
        make.work()
    if step == DISPUTE_IS_LOST:
        dispute = {
            "id": 7,
            "status": "resolved",
            "resolution": "merchant-accepted",
            "transaction": {"reference": next(iter(gateway.charges))},
        }
        message = json.dumps({"event": "charge.dispute.resolve", "data": dispute})
        services.webhooks.receive(body=message.encode(), signature="signed")
        make.work()


def refuse() -> None:
    """What Paystack does about a refund while the account is empty."""
    raise RefundRefused("TCK", "Your balance is not enough")


class TestExecute:
    @pytest.mark.parametrize("operation_id", OPERATIONS)
    def test_succeeds_with_the_example(
        self,
        api: httpx.Client,
        services: Services,
        make: Factory,
        gateway: FakeGateway,
        mailer: FakeMailer,
        clock: FakeClock,
        described: dict[str, Any],
        operation_id: str,
    ) -> None:
        visitor = Visitor(api, described)
        if operation_id != "register":
            visitor.authorize()
        if operation_id in NEEDS_ADMIN:
            services.users.set_role(name="testuser", role=Role.ADMIN)
        for step in steps_before(described, operation_id):
            if step == REFUND_FAILS:
                gateway.before_refund = refuse
                visitor.execute("refund_order")
                make.work()
                step = "list_refunds"
            if step in (ANOTHER_ACCOUNT, ACCOUNT_IN_TWO_STEPS):
                other = make.user()
                if step == ACCOUNT_IN_TWO_STEPS:
                    switched_on(services, clock, other)
                visitor.in_paths[operation_id] = {"user_id": other.id}
                continue
            if step in (MAIL_FAILS, DISPUTE_IS_LOST, WORK):
                bring_about(step, services, make, gateway, mailer)
                continue
            assert visitor.take(step).is_success

        response = visitor.execute(operation_id)

        assert response.is_success, (
            f"{response.text}\nIf it needs something first, let what gives it link to it: add a "
            "`link` to that route's responses (app/http/openapi/responses.py)."
        )

    def test_is_refused_to_a_webhook_paystack_did_not_sign(
        self, api: httpx.Client, described: dict[str, Any]
    ) -> None:
        name = "receive_paystack_webhook"
        body = Visitor(api, described).body(name, found(described, name)[2])

        response = api.post("/payments/webhook", **body)

        assert response.status_code == 401


class TestOperation:
    def test_has_a_summary_a_description_and_refusals(
        self, operations: list[dict[str, Any]]
    ) -> None:
        for operation in operations:
            assert operation["summary"], operation["operationId"]
            assert operation["description"], operation["operationId"]
            assert any(status >= "400" for status in operation["responses"])

    def test_shows_each_refusal_as_a_problem_with_an_example(
        self, operations: list[dict[str, Any]]
    ) -> None:
        for operation in operations:
            for status, response in operation["responses"].items():
                # Readiness tells what is wrong in its own words.
                is_readiness = operation["operationId"] == "check_readiness"
                if status < "400" or (is_readiness and status == "503"):
                    continue
                assert list(response["content"]) == ["application/problem+json"]
                for example in response["content"]["application/problem+json"]["examples"].values():
                    assert example["value"]["status"] == int(status)

    def test_links_only_to_operations_there_are(
        self, described: dict[str, Any], operations: list[dict[str, Any]]
    ) -> None:
        links = [
            link["operationId"]
            for operation in operations
            for response in operation["responses"].values()
            for link in response.get("links", {}).values()
        ]

        assert links
        for operation_id in links:
            assert found(described, operation_id)
