"""Messages to holders over HTTP and in the console."""

import re
from datetime import timedelta
from html import unescape

import httpx
import pytest

from app.domain.ids import EventId
from app.models.users.users import User
from app.pages.manage.messages import MESSAGES_ON_A_PAGE
from tests.api.answers import code_of
from tests.api.conftest import Person, one_database
from tests.steps.browsing import Visitor, mistake_at, words_of
from tests.steps.console import signed_in
from tests.support.factories import Factory
from tests.support.fakes import FakeClock, FakeMailer

pytestmark = one_database

HOSTILE = '"><script>alert(1)</script>'
OLDER = re.compile(r'rel="next" href="([^"#]*)#sent"')
BODY = {"subject": "Doors open at six", "text": "Come early."}


class TestApi:
    @pytest.fixture
    def path(self, make: Factory, organizer: Person, ada: Person) -> str:
        event = make.event(organizer=organizer.user)
        make.buy(ada.user, event.id)
        return f"/events/{event.id}/messages"

    def test_previews_sends_once_and_tells_how_far_it_is(
        self, api: httpx.Client, make: Factory, organizer: Person, path: str
    ) -> None:
        preview = api.post(f"{path}/preview", json=BODY, headers=organizer.headers).json()
        headers = {**organizer.headers, "Idempotency-Key": "once"}
        first, second = (api.post(path, json=BODY, headers=headers) for _ in range(2))
        make.work()

        (listed,) = api.get(path, headers=organizer.headers).json()
        assert preview["recipients"] == 1
        assert (first.status_code, first.json()["preparing"]) == (201, 1)
        assert listed["preparing"] == 0
        assert first.json() == second.json()
        assert (listed["is_complete"], listed["sent"], listed["subject"]) == (
            True,
            1,
            BODY["subject"],
        )

    def test_lists_them_page_by_page(self, api: httpx.Client, organizer: Person, path: str) -> None:
        for subject in ("First", "Second", "Third"):
            api.post(path, json={**BODY, "subject": subject}, headers=organizer.headers)

        first = api.get(path, params={"limit": 2}, headers=organizer.headers)
        second = api.get(first.links["next"]["url"], headers=organizer.headers)
        foreign = api.get(path, params={"cursor": "x"}, headers=organizer.headers)

        assert [each["subject"] for each in first.json()] == ["Third", "Second"]
        assert [each["subject"] for each in second.json()] == ["First"]
        assert "next" not in second.links
        assert code_of(foreign) == (422, "cursor-invalid")

    @pytest.mark.parametrize(
        "change",
        [{"subject": "a\nb"}, {"subject": ""}, {"text": " "}, {"text": "x" * 5001}, {"text": 1}],
    )
    def test_refuses_what_is_no_message(
        self, api: httpx.Client, organizer: Person, path: str, change: dict[str, object]
    ) -> None:
        answer = api.post(path, json={**BODY, **change}, headers=organizer.headers)

        assert code_of(answer) == (422, "validation-failed")


class TestConsole:
    @pytest.fixture
    def path(self, visitor: Visitor, seller: User, make: Factory) -> str:
        event = make.event(organizer=seller)
        make.buy(make.user(name="ada"), event.id)
        make.work()
        path = f"/manage/events/{event.id}/messages"
        assert f'href="{path}"' in visitor.open(f"/manage/events/{event.id}")
        visitor.open(path)
        return path

    def test_shows_the_mail_before_it_is_sent_once(
        self, visitor: Visitor, path: str, make: Factory, mailer: FakeMailer
    ) -> None:
        before = len(mailer.sent)
        preview = visitor.post(path, 200, subject=HOSTILE, text=HOSTILE).text
        make.work()
        assert "Send it to 1" in preview
        assert "<script>" not in preview
        assert len(mailer.sent) == before

        for _ in range(2):
            visitor.post(path, subject="Doors", text="Come early.", step="send")
        make.work()

        assert [mail.to for mail in mailer.sent[before:]] == ["ada@example.com"]
        assert "Doors" in visitor.open(path)

    def test_says_how_many_a_message_goes_to_before_its_mails_are_made(
        self, visitor: Visitor, path: str, make: Factory
    ) -> None:
        make.buy(make.user(), EventId(1))

        answer = visitor.post(path, subject="Doors", text="Come early.", step="send")
        waiting = words_of(visitor.open(answer.headers["location"]))
        make.work()

        assert "Being prepared: it goes to 2 people." in waiting
        assert re.search(r"Doors Being prepared: it goes to 2 people\. 2 0 0 ", waiting), waiting
        assert "Doors 0 2 0 " in words_of(visitor.open(path))

    def test_lists_what_was_sent_page_by_page(
        self, visitor: Visitor, path: str, clock: FakeClock
    ) -> None:
        for number in range(MESSAGES_ON_A_PAGE + 1):
            if number % 3 == 0:
                clock.advance(timedelta(days=1))
                visitor.sign_in("seller")
            visitor.open(path)
            visitor.post(path, subject=f"Message {number}.", text="x", step="send")

        page = visitor.open(path)
        older = OLDER.search(page)
        assert older is not None
        rest = visitor.open(unescape(older.group(1)))

        assert "Message 20." in page
        assert "Message 0." not in page
        assert "Message 0." in rest
        assert "Message 1." not in rest
        assert not OLDER.search(rest)

    def test_tells_what_is_wrong_beside_the_field(self, visitor: Visitor, path: str) -> None:
        page = visitor.post(path, 422, subject="", text="y" * 5001).text

        assert mistake_at(page, "subject")
        assert mistake_at(page, "text")

    def test_is_the_organization_s(self, visitor: Visitor, make: Factory, path: str) -> None:
        rival = signed_in(visitor, make.user())

        rival.open(path, 404)
        rival.post(path, 404, subject="x", text="y", step="send")
