"""Admins at work over HTTP: they find, act with a reason, and their log tells all of it."""

from typing import Any

import httpx
import pytest

from app.domain.errors import MailRejected
from app.http.services import Services
from app.services.payments.settlement import Settlement
from tests.api.answers import code_of, pointers_of
from tests.api.conftest import EVENT, Person
from tests.support.factories import Factory
from tests.support.fakes import FakeMailer

WHY = {"reason": "Asked for by phone"}


@pytest.fixture
def bought(make: Factory, organizer: Person, ada: Person) -> Settlement:
    return make.buy(ada.user, make.event(organizer=organizer.user).id)


def log(api: httpx.Client, admin: Person, **query: Any) -> list[dict[str, Any]]:
    answer = api.get("/admin/actions", params=query, headers=admin.headers)
    assert answer.status_code == 200, answer.text
    return list(answer.json())


class TestSearch:
    def test_finds_some_of_everything(
        self, api: httpx.Client, admin: Person, ada: Person, bought: Settlement, make: Factory
    ) -> None:
        for _ in range(5):
            make.order(ada.user, make.event().id)

        found = api.get("/admin/search?q=ada@example.com", headers=admin.headers).json()

        assert [person["username"] for person in found["people"]] == ["ada"]
        assert len(found["orders"]) == 5
        assert {order["email"] for order in found["orders"]} == {"ada@example.com"}
        assert found["tickets"][0]["short_code"] == bought.tickets[0].code
        assert found["more"] == ["orders"]
        by_reference = api.get(
            "/admin/payments", params={"q": bought.payment.reference}, headers=admin.headers
        )
        assert [each["order_id"] for each in by_reference.json()] == [bought.order.id]

    def test_tells_whether_events_last_whole_days(
        self, api: httpx.Client, admin: Person, make: Factory
    ) -> None:
        make.whole_days(title="Street Food Fair")

        found = api.get("/admin/search?q=street+food+fair", headers=admin.headers).json()

        (event,) = found["events"]
        assert event["starts_at"] == "2030-12-03T23:00:00Z"
        assert (event["all_day"], event["time_zone"]) == (True, "Africa/Lagos")

    def test_shows_no_secret(
        self, api: httpx.Client, admin: Person, ada: Person, bought: Settlement
    ) -> None:
        texts = [
            api.get(f"/admin/{path}", headers=admin.headers).text
            for path in (
                "search?q=ada",
                "people?q=ada",
                f"people/{ada.user.id}",
                f"orders/{bought.order.id}",
            )
        ]

        for text in texts:
            for secret in ("password_hash", "$argon", bought.tickets[0].link_key, "link_key"):
                assert secret not in text

    @pytest.mark.parametrize(
        "words",
        ["", "x" * 101, "a\x00b", "a\nb", "\u202eada"],
        ids=["nothing", "too much", "NUL", "a line", "reordered"],
    )
    def test_refuses_what_is_no_line(self, api: httpx.Client, admin: Person, words: str) -> None:
        answer = api.get("/admin/search", params={"q": words}, headers=admin.headers)

        assert code_of(answer) == (422, "validation-failed")
        assert pointers_of(answer) == ["/q"]
        assert log(api, admin) == []

    @pytest.mark.parametrize("words", ["😀😀😀", "=cmd()", "<script>", "'; --", "\\%_", "ﷺ" * 100])
    def test_takes_hostile_words_for_words(
        self, api: httpx.Client, admin: Person, words: str
    ) -> None:
        for path in ("search", "people", "orders", "payments", "tickets", "mails"):
            answer = api.get(f"/admin/{path}", params={"q": words}, headers=admin.headers)

            assert answer.status_code == 200, (path, answer.text)

    def test_needs_words(self, api: httpx.Client, admin: Person) -> None:
        assert pointers_of(api.get("/admin/people", headers=admin.headers)) == ["/q"]


class TestPerson:
    def test_is_shown_with_what_belongs_to_it(
        self, api: httpx.Client, admin: Person, ada: Person, organizer: Person, bought: Settlement
    ) -> None:
        shown = api.get(f"/admin/people/{ada.user.id}", headers=admin.headers).json()
        other = api.get(f"/admin/people/{organizer.user.id}", headers=admin.headers).json()

        assert [order["id"] for order in shown["orders"]] == [bought.order.id]
        assert (shown["role"], shown["is_guest"], shown["disabled_at"]) == ("buyer", False, None)
        assert [(each["name"], each["role"]) for each in other["organizations"]] == [
            ("organizer", "owner")
        ]
        none = api.get("/admin/people/999", headers=admin.headers)
        assert code_of(none) == (404, "account-not-found")


class TestActions:
    def test_take_a_reason(
        self, api: httpx.Client, admin: Person, ada: Person, bought: Settlement
    ) -> None:
        for path, more in (
            (f"people/{ada.user.id}/disable", {}),
            (f"people/{ada.user.id}/enable", {}),
            (f"people/{ada.user.id}/log-out", {}),
            (f"people/{ada.user.id}/role", {"role": "organizer"}),
            ("mails/1/resend", {}),
            ("mails/1/drop", {}),
            ("refunds/1/retry", {}),
            ("refunds/1/done", {}),
            ("disputes/1/close", {}),
            (f"orders/{bought.order.id}/release", {}),
            (f"payments/{bought.payment.id}/check", {}),
        ):
            for reason in ({}, {"reason": ""}, {"reason": "  "}, {"reason": "a\nb"}):
                answer = api.post(f"/admin/{path}", json=more | reason, headers=admin.headers)

                assert code_of(answer) == (422, "validation-failed"), path
                assert pointers_of(answer) == ["/reason"], path
        assert log(api, admin) == []

    def test_are_in_the_log(self, api: httpx.Client, admin: Person, ada: Person) -> None:
        answer = api.post(
            f"/admin/people/{ada.user.id}/role",
            json=WHY | {"role": "organizer"},
            headers=admin.headers,
        )

        assert answer.json()["role"] == "organizer"
        (row,) = log(api, admin)
        assert row == {
            "id": row["id"],
            "at": "2027-03-01T12:00:00Z",
            "actor": f"user:{admin.user.id}",
            "action": "role-changed",
            "subject": "account",
            "subject_id": ada.user.id,
            "account_id": ada.user.id,
            "words": None,
            "detail": "buyer to organizer",
            "reason": WHY["reason"],
        }

    def test_are_done_once_with_a_key(self, api: httpx.Client, admin: Person, ada: Person) -> None:
        headers = admin.headers | {"Idempotency-Key": "a"}
        for _ in range(2):
            answer = api.post(f"/admin/people/{ada.user.id}/log-out", json=WHY, headers=headers)
            assert answer.status_code == 204

        assert len(log(api, admin)) == 1

    def test_keep_the_last_admin(self, api: httpx.Client, admin: Person) -> None:
        answer = api.post(
            f"/admin/people/{admin.user.id}/role",
            json=WHY | {"role": "buyer"},
            headers=admin.headers,
        )

        assert code_of(answer) == (409, "last-admin")

    def test_give_guests_no_role(
        self, api: httpx.Client, admin: Person, make: Factory, services: Services
    ) -> None:
        event = make.event(price="0")
        body = {"event_id": event.id, "email": "guest@example.com", "name": "Guest"}
        assert api.post("/checkout", json=body).is_success
        (guest,) = api.get("/admin/people?q=guest@example.com", headers=admin.headers).json()

        answer = api.post(
            f"/admin/people/{guest['id']}/role",
            json=WHY | {"role": "admin"},
            headers=admin.headers,
        )

        assert guest["is_guest"] is True
        assert code_of(answer) == (409, "account-of-guest")
        (order,) = api.get("/admin/orders?q=GUEST@example.com", headers=admin.headers).json()
        assert order["full_name"] == "Guest"


class TestOperationsOfOrganizers:
    def test_are_in_the_log_when_an_admin_calls_them(
        self, api: httpx.Client, admin: Person, organizer: Person, bought: Settlement
    ) -> None:
        event = f"/events/{bought.order.event_id}"
        for path in (
            f"{event}/orders",
            f"{event}/orders/{bought.order.id}",
            f"{event}/attendees",
            f"{event}/check-ins",
            f"{event}/exports/orders.csv",
        ):
            for person in (admin, organizer):
                assert api.get(path, headers=person.headers).status_code == 200, path

        rows = log(api, admin, action="organizer-operation")

        assert {row["actor"] for row in rows} == {f"user:{admin.user.id}"}
        assert [(row["detail"], row["subject"]) for row in reversed(rows)] == [
            ("GET /events/{event_id}/orders", "event"),
            ("GET /events/{event_id}/orders/{order_id}", "order"),
            ("GET /events/{event_id}/attendees", "event"),
            ("GET /events/{event_id}/check-ins", "event"),
            ("GET /events/{event_id}/exports/orders.csv", "event"),
        ]

    def test_name_the_organization_in_their_body_and_the_buyer(
        self, api: httpx.Client, admin: Person, bought: Settlement, services: Services
    ) -> None:
        organization_id = services.events.get(bought.order.event_id).organization_id
        event = EVENT | {"organization_id": organization_id}
        assert api.post("/events/", json=event, headers=admin.headers).status_code == 201
        refunds = f"/orders/{bought.order.id}/refunds"
        assert api.get(refunds, headers=admin.headers).status_code == 200

        listed, created = log(api, admin, action="organizer-operation")

        assert (created["detail"], created["subject_id"]) == ("POST /events/", organization_id)
        assert (listed["subject"], listed["account_id"]) == ("order", bought.order.buyer_id)

    @pytest.mark.parametrize("number", ["²", "9" * 40, "-1", "x"])
    def test_are_refused_as_to_others_where_the_path_names_no_row(
        self, api: httpx.Client, admin: Person, number: str
    ) -> None:
        answer = api.get(f"/events/{number}/orders", headers=admin.headers)

        assert code_of(answer) == (422, "validation-failed")


class TestNeedsAttention:
    def test_names_what_does_it(
        self,
        api: httpx.Client,
        admin: Person,
        bought: Settlement,
        make: Factory,
        mailer: FakeMailer,
    ) -> None:
        mailer.failure = MailRejected("no such mailbox")
        make.work()

        (item,) = api.get("/admin/needs-attention", headers=admin.headers).json()
        method, path = item["operations"][0].split()
        mailer.failure = None
        answer = api.request(method, path, json=WHY, headers=admin.headers)

        assert item["kind"] == "mail"
        assert answer.status_code == 202
        assert api.get("/admin/needs-attention", headers=admin.headers).json() == []
