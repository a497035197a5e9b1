from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from openapi_schema_validator import OAS30Validator

from app.paystack_mock.simulator import PaystackMock
from tests.paystack_mock.conftest import FakeClock, Receiver, Shop

DESCRIPTION = Path(__file__).parents[1] / "data" / "paystack" / "openapi.yaml"

Schema = dict[str, Any]


@pytest.fixture(scope="module")
def description() -> Schema:
    with DESCRIPTION.open() as file:
        loaded: Schema = yaml.load(file, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return loaded


class Operation:
    """The schema of one success body, with the spots where it is wrong relaxed."""

    def __init__(self, description: Schema, method: str, path: str) -> None:
        self._description = description
        answer = description["paths"][path][method]["responses"]["200"]
        content = self._resolved(answer)["content"]
        self._schema = self._resolved(content["application/json"]["schema"])

    def relax(self, where: str, *, reason: str, **changes: Any) -> None:
        """Change the schema at a dotted place like ``data.items.paid_at``."""
        assert reason
        spot = self._schema
        for name in where.split("."):
            spot = spot["items"] if name == "items" else spot["properties"][name]
        for name, value in changes.items():
            if value is None:
                spot.pop(name)
            else:
                spot[name] = value

    def accept(self, body: object) -> None:
        errors = [
            f"{'.'.join(map(str, error.absolute_path))}: {error.message}"
            for error in OAS30Validator(self._schema).iter_errors(body)
        ]
        assert errors == []

    def _resolved(self, schema: Any) -> Any:
        """Copy with every reference replaced by what it names."""
        if isinstance(schema, list):
            return [self._resolved(member) for member in schema]
        if not isinstance(schema, dict):
            return schema
        if "$ref" in schema:
            target: Any = self._description
            for name in schema["$ref"].removeprefix("#/").split("/"):
                target = target[name]
            return self._resolved(target)
        return {name: self._resolved(member) for name, member in schema.items()}


TRANSACTIONS = [
    "ada@example.com",
    "declined@example.com",
    "checkout@example.com",
    "pending@example.com",
    "bank-transfer@example.com",
]


@pytest.mark.parametrize("email", TRANSACTIONS)
@pytest.mark.parametrize("metadata", [None, {"order": 1}])
class TestTransactionBodies:
    def test_of_initialize_and_verify_fit(
        self, shop: Shop, description: Schema, email: str, metadata: object
    ) -> None:
        initialized = shop.initialize(email=email, metadata=metadata).json()
        verified = shop.get("/transaction/verify/R1").json()

        Operation(description, "post", "/transaction/initialize").accept(initialized)
        verify = Operation(description, "get", "/transaction/verify/{reference}")
        verify.accept(verified)

    def test_of_the_list_fit(
        self, shop: Shop, description: Schema, email: str, metadata: object
    ) -> None:
        shop.initialize(email=email, metadata=metadata)
        operation = Operation(description, "get", "/transaction")
        operation.relax(
            "data.items.paidAt", reason="paid_at beside it is nullable; unpaid", nullable=True
        )

        operation.accept(shop.get("/transaction").json())

    def test_of_fetch_fit(
        self, shop: Shop, description: Schema, email: str, metadata: object
    ) -> None:
        opened = shop.open(email=email, metadata=metadata)
        operation = Operation(description, "get", "/transaction/{id}")
        for name in ("paid_at", "paidAt", "fees"):
            operation.relax(f"data.{name}", reason="null while unpaid", nullable=True)
        for name in ("first_name", "last_name", "phone", "international_format_phone", "metadata"):
            operation.relax(
                f"data.customer.{name}", reason="unknown of a new customer", nullable=True
            )
        operation.relax("data.metadata", reason="custom_fields are optional", required=None)
        if metadata is None:
            operation.relax("data.metadata", reason='"" when none was sent', type="string")
        if opened["status"] != "success":
            operation.relax("data.authorization", reason="{} while unpaid", required=None)

        operation.accept(shop.get(f"/transaction/{opened['id']}").json())


def relax_refund(operation: Operation, data: str) -> None:
    operation.relax(f"{data}.fully_deducted", reason="boolean in reality", type="boolean")
    customer = f"{data}.customer"
    operation.relax(f"{customer}.metadata", reason="null in reality", nullable=True)
    for name in ("first_name", "last_name", "phone", "international_format_phone"):
        operation.relax(f"{customer}.{name}", reason="unknown of a new customer", nullable=True)


class TestRefundBodies:
    def test_of_a_new_refund_fit(self, shop: Shop, description: Schema) -> None:
        shop.open()

        Operation(description, "post", "/refund").accept(shop.refund().json())

    @pytest.mark.parametrize("steps", [0, 1, 2])
    def test_of_fetch_and_list_fit(
        self, shop: Shop, mock: PaystackMock, clock: FakeClock, description: Schema, steps: int
    ) -> None:
        shop.open()
        refund_id = shop.refund().json()["data"]["id"]
        for _ in range(steps):
            clock.advance(timedelta(seconds=1))
            mock.deliver_due()

        fetch = Operation(description, "get", "/refund/{id}")
        relax_refund(fetch, "data")
        listed = Operation(description, "get", "/refund")
        relax_refund(listed, "data.items")
        listed.relax("meta.perPage", reason="an integer in reality", type="integer")

        fetch.accept(shop.get(f"/refund/{refund_id}").json())
        listed.accept(shop.get("/refund").json())

    def test_of_a_retry_fit(
        self, shop: Shop, mock: PaystackMock, clock: FakeClock, description: Schema
    ) -> None:
        shop.open(email="refund-needs-attention@example.com")
        refund_id = shop.refund().json()["data"]["id"]
        for _ in range(2):
            clock.advance(timedelta(seconds=1))
            mock.deliver_due()
        path = "/refund/retry_with_customer_details/{id}"
        bank = {"currency": "NGN", "account_number": "1234567890", "bank_id": "9"}

        answer = shop.call("POST", path.format(id=refund_id), json={"refund_account_details": bank})

        Operation(description, "post", path).accept(answer.json())


class TestDisputeEvents:
    def test_have_every_member_of_a_listed_dispute(
        self,
        shop: Shop,
        mock: PaystackMock,
        clock: FakeClock,
        receiver: Receiver,
        description: Schema,
    ) -> None:
        shop.open(email="dispute-won@example.com", metadata={"custom_fields": []})
        for _ in range(3):
            clock.advance(timedelta(seconds=5))
            mock.deliver_due()
        operation = Operation(description, "get", "/dispute")
        for name in ("first_name", "last_name", "phone", "international_format_phone", "metadata"):
            operation.relax(
                f"data.items.customer.{name}", reason="unknown of a new customer", nullable=True
            )

        told = [event["data"] for event in receiver.events[1:]]

        assert len(told) == 3
        meta = {"total": 1, "skipped": 0, "perPage": 50, "page": 1, "pageCount": 1}
        operation.accept({"status": True, "message": "", "data": told, "meta": meta})
