"""Disputes: kept, shown to those who answer them, and marked in the payment."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from app.domain.payments.ledger import Account
from app.domain.states import Role
from app.http.services import Services
from app.models.payments.ledger import LedgerEntry
from app.repositories.database import Database
from tests.api.answers import code_of
from tests.api.conftest import Person
from tests.support.factories import Factory
from tests.support.fakes import FakeMailer


def tell(api: httpx.Client, name: str, reference: str, **changes: Any) -> httpx.Response:
    """What Paystack posts about a dispute of a payment."""
    data = {
        "id": 358_950,
        "refund_amount": 250_000,
        "currency": "NGN",
        "status": "awaiting-merchant-feedback",
        "resolution": None,
        "category": "chargeback",
        "dueAt": "2027-03-05T18:00:00.000Z",
        "transaction": {"id": 5_200_000_001, "reference": reference, "amount": 250_000},
        "customer": {"email": "ada@example.com"},
        "authorization": {"authorization_code": "AUTH_secret", "last4": "4081"},
    } | changes
    body = json.dumps({"event": f"charge.dispute.{name}", "data": data})
    return api.post("/payments/webhook", content=body, headers={"x-paystack-signature": "signed"})


def listed(api: httpx.Client, who: Person, **query: Any) -> Any:
    return api.get("/disputes/", params=query, headers=who.headers).json()


@pytest.fixture
def reference(make: Factory, ada: Person, organizer: Person) -> str:
    event = make.event(organizer=organizer.user)
    return make.buy(ada.user, event.id).payment.reference


class TestListDisputes:
    def test_shows_organizer_and_admin_what_paystack_told(
        self, api: httpx.Client, organizer: Person, admin: Person, reference: str
    ) -> None:
        assert tell(api, "create", reference).status_code == 200

        (dispute,) = listed(api, organizer)
        assert dispute == {
            "id": 1,
            "paystack_id": "358950",
            "reference": reference,
            "order_id": 1,
            "event_id": 1,
            "status": "awaiting-merchant-feedback",
            "category": "chargeback",
            "resolution": None,
            "amount": {"amount": 250_000, "currency": "NGN"},
            "due_at": "2027-03-05T18:00:00Z",
            "opened_at": "2027-03-01T12:00:00Z",
            "resolved_at": None,
        }
        assert listed(api, admin) == [dispute]
        assert listed(api, admin, event_id=1) == [dispute]
        assert listed(api, admin, event_id=2)["code"] == "event-not-found"

    def test_shows_others_none(
        self, api: httpx.Client, enter: Callable[[str, Role], Person], ada: Person, reference: str
    ) -> None:
        tell(api, "create", reference)
        rival = enter("rival", Role.ORGANIZER)

        assert listed(api, rival) == []
        assert listed(api, rival, event_id=1)["code"] == "event-not-found"
        refused = api.get("/disputes/", headers=ada.headers)
        assert code_of(refused) == (403, "organization-role-missing")

    def test_follows_a_dispute_to_its_end_and_no_further(
        self, api: httpx.Client, organizer: Person, reference: str
    ) -> None:
        for name, status in (
            ("create", "awaiting-merchant-feedback"),
            ("remind", "awaiting-merchant-feedback"),
            ("resolve", "resolved"),
            ("remind", "awaiting-bank-feedback"),
        ):
            tell(api, name, reference, status=status, resolution=f"after {name}")

        (dispute,) = listed(api, organizer)
        assert (dispute["status"], dispute["resolution"]) == ("resolved", "after resolve")
        assert dispute["resolved_at"] is not None

    def test_has_pages(self, api: httpx.Client, organizer: Person, reference: str) -> None:
        for number in range(3):
            tell(api, "create", reference, id=number + 1)

        first = api.get("/disputes/?limit=2", headers=organizer.headers)
        rest = api.get(first.links["next"]["url"], headers=organizer.headers)

        assert [each["paystack_id"] for each in [*first.json(), *rest.json()]] == ["3", "2", "1"]

    @pytest.mark.parametrize(
        "changes",
        [
            {"id": None},
            {"id": {}},
            {"id": "\ud800"},
            {"status": 5, "category": ["x"], "resolution": "\x00", "dueAt": "soon"},
            {"refund_amount": -1},
            {"refund_amount": 2**63},
            {"refund_amount": "250000", "dueAt": "0001-01-01T00:00:00+23:00"},
            {"transaction": None},
            {"transaction": {"reference": "SOMEBODY-ELSES"}},
        ],
    )
    def test_is_harmed_by_no_odd_message(
        self, api: httpx.Client, organizer: Person, reference: str, changes: dict[str, Any]
    ) -> None:
        answer = tell(api, "create", reference, **changes)

        assert answer.status_code == 200
        assert api.get("/disputes/", headers=organizer.headers).status_code == 200


class TestPayment:
    def test_is_marked(self, api: httpx.Client, make: Factory, ada: Person, reference: str) -> None:
        before = api.get(f"/payments/{reference}", headers=ada.headers).json()
        tell(api, "create", reference)
        make.work()

        after = api.get(f"/payments/{reference}", headers=ada.headers).json()

        assert before["disputed_at"] is None
        assert after == before | {"disputed_at": "2027-03-01T12:00:00Z"}


class TestLostDispute:
    def test_is_booked_once_and_told_the_organizer_when_it_began(
        self,
        services: Services,
        database: Database,
        make: Factory,
        mailer: FakeMailer,
        api: httpx.Client,
        organizer: Person,
        reference: str,
    ) -> None:
        for name in ("create", "remind"):
            tell(api, name, reference)
        make.work()
        for note in (None, "again"):
            lost = {"status": "resolved", "resolution": "merchant-accepted", "note": note}
            tell(api, "resolve", reference, **lost)

        make.work()

        told = [mail for mail in mailer.to(organizer.user.email) if "disputed" in mail.subject]
        assert len(told) == 1
        assert "NGN 2,500.00" in told[0].text
        assert reference in told[0].text
        assert balance(database, Account.DISPUTES) == 250_000
        assert services.audit.violations() == []

    @pytest.mark.parametrize(
        ("told", "booked"),
        [
            ({"resolution": "declined"}, 0),
            ({"resolution": "merchant-accepted", "refund_amount": 100_000}, 100_000),
            ({"resolution": "auto-accepted", "refund_amount": None}, 250_000),
            ({"resolution": "merchant-accepted", "refund_amount": 900_000}, 250_000),
        ],
    )
    def test_costs_what_the_bank_gets(
        self,
        database: Database,
        api: httpx.Client,
        reference: str,
        told: dict[str, Any],
        booked: int,
    ) -> None:
        tell(api, "resolve", reference, status="resolved", **told)

        assert balance(database, Account.DISPUTES) == booked


def balance(database: Database, account: Account) -> int:
    """What lies on the account of the only event."""
    total = select(func.sum(LedgerEntry.amount_minor)).where(LedgerEntry.account == account)
    with database.connection() as connection:
        return int(connection.scalar(total) or 0)
