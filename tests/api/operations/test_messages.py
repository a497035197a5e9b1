import httpx

from tests.api.answers import code_of, pointers_of
from tests.api.conftest import Person
from tests.support.factories import Factory
from tests.support.fakes import FakeMailer


class TestMessages:
    def test_are_shown_to_admins_without_their_words(
        self, api: httpx.Client, make: Factory, admin: Person, ada: Person
    ) -> None:
        make.buy(ada.user, make.event().id)
        make.work()

        (shown,) = api.get("/admin/mails", headers=admin.headers).json()

        assert shown == {
            "id": 1,
            "kind": "tickets-issued",
            "subject_id": 1,
            "addressee_id": None,
            "status": "sent",
            "created_at": "2027-03-01T12:00:00Z",
            "next_try_at": None,
            "attempts": 1,
            "resends": 0,
            "sent_at": "2027-03-01T12:00:00Z",
            "last_error": None,
        }
        assert api.get("/admin/mails/1", headers=admin.headers).json() == shown
        assert code_of(api.get("/admin/mails", headers=ada.headers)) == (403, "role-missing")
        assert code_of(api.get("/admin/mails/9", headers=admin.headers)) == (
            404,
            "message-not-found",
        )

    def test_are_filtered_and_come_in_pages(
        self, api: httpx.Client, make: Factory, admin: Person, ada: Person
    ) -> None:
        event = make.event(price="0")
        for _ in range(3):
            make.order(ada.user, event.id)

        first = api.get("/admin/mails", params={"status": "due", "limit": 2}, headers=admin.headers)
        rest = api.get(first.links["next"]["url"], headers=admin.headers)
        none = api.get("/admin/mails?kind=event-reminder", headers=admin.headers)
        odd = api.get("/admin/mails?status=lost", headers=admin.headers)

        assert [message["id"] for message in first.json()] == [3, 2]
        assert [message["id"] for message in rest.json()] == [1]
        assert "next" not in rest.links
        assert none.json() == []
        assert pointers_of(odd) == ["/status"]

    def test_are_sent_again(
        self, api: httpx.Client, make: Factory, admin: Person, ada: Person, mailer: FakeMailer
    ) -> None:
        make.buy(ada.user, make.event().id)
        make.work()

        answer = api.post(
            "/admin/mails/1/resend", json={"reason": "Asked for"}, headers=admin.headers
        )
        make.work()

        assert answer.status_code == 202
        assert (answer.json()["status"], answer.json()["resends"]) == ("due", 1)
        assert [mail.key for mail in mailer.sent] == ["outbox-1", "outbox-1-1"]


class TestConfirmationOfAnOrder:
    def test_is_sent_again_a_few_times_an_hour(
        self, api: httpx.Client, make: Factory, ada: Person, mailer: FakeMailer
    ) -> None:
        order = make.buy(ada.user, make.event().id).order
        make.work()

        answers = []
        for _ in range(4):
            answers.append(api.post(f"/orders/{order.id}/confirmation", headers=ada.headers))
            make.work()

        assert [answer.status_code for answer in answers] == [202, 202, 202, 429]
        assert code_of(answers[-1]) == (429, "too-many-mails")
        assert answers[-1].headers["retry-after"] == "3600"
        assert len(mailer.to(ada.user.email)) == 4
