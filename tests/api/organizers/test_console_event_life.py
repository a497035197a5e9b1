"""The console's steps of a whole event: draft, preview, publish, pause, resume, duplicate."""

from datetime import timedelta

import httpx
import pytest

from app.domain.ids import EventId
from app.domain.permissions import ROLES_FOR, Action, OrganizationRole
from app.http.services import Services
from app.models.users.users import User
from tests.api.conftest import one_database
from tests.steps.browsing import Visitor, hidden_in, mistake_at, value_of
from tests.steps.console import FORM, created, signed_in
from tests.steps.organizations import Band
from tests.support.factories import Factory
from tests.support.fakes import START, FakeClock

pytestmark = one_database

PAGE = "/manage/events/1"
STEPS = ("publish", "pause-sales", "resume-sales", "duplicate", "delete")


@pytest.fixture
def draft(visitor: Visitor) -> str:
    """The address of a draft's page in the console."""
    return created(visitor, draft="yes")


class TestDraft:
    @pytest.mark.smoke
    def test_is_made_looked_at_and_published(
        self, visitor: Visitor, api: httpx.Client, draft: str
    ) -> None:
        page = visitor.open(draft)
        preview = visitor.open(f"{draft}/preview")
        hidden = api.get("/e/1-lagos-jazz-night")
        visitor.open(draft)
        visitor.post(f"{draft}/publish")

        assert "This is a draft." in page
        assert f"{draft}/cancel" not in page
        assert "Preview of a draft." in preview
        assert "Three bands." in preview
        assert all(each not in preview for each in ("<select", "/poster", ".ics", "/checkout"))
        assert hidden.status_code == 404
        assert "This is a draft." not in visitor.open(draft)
        assert "<select" in api.get("/e/1-lagos-jazz-night").text
        published = visitor.open(f"{draft}/preview", 303)
        assert published == ""

    def test_is_marked_in_the_list(self, visitor: Visitor, draft: str) -> None:
        assert '<span class="mark">Draft</span>' in visitor.open("/manage")

    def test_stays_ticked_in_a_form_with_mistakes(self, visitor: Visitor) -> None:
        visitor.open("/manage/events/new")

        page = visitor.post(
            "/manage/events/new", 422, **(FORM | {"draft": "yes", "title": ""})
        ).text

        assert 'name="draft" value="yes" checked' in page

    def test_that_lacks_something_says_what(
        self, visitor: Visitor, seller: User, make: Factory, clock: FakeClock
    ) -> None:
        make.event(organizer=seller, starts_at=START + timedelta(minutes=5), is_draft=True)
        clock.advance(timedelta(minutes=5))
        visitor.open(PAGE)

        page = visitor.post(f"{PAGE}/publish", 409).text

        assert "Its date has passed" in page
        assert f"{PAGE}/edit" in page

    def test_is_deleted_after_a_question(self, visitor: Visitor, draft: str) -> None:
        question = visitor.open(f"{draft}/delete")

        answer = visitor.post(f"{draft}/delete")

        assert "There is no way to undo it." in question
        assert answer.headers["location"] == "/manage"
        visitor.open(draft, 404)


class TestSales:
    def test_are_paused_and_resumed(self, visitor: Visitor, api: httpx.Client) -> None:
        path = created(visitor)

        visitor.open(path)
        visitor.post(f"{path}/pause-sales")
        paused, listed = visitor.open(path), visitor.open("/manage")
        public = api.get("/e/1-lagos-jazz-night").text
        visitor.open(path)
        visitor.post(f"{path}/resume-sales")

        assert "Sales are paused." in paused
        assert "Sales paused" in listed
        assert "<select" not in public
        assert "Pause sales" in visitor.open(path)


class TestDuplicate:
    def test_leads_to_a_draft_on_the_new_date(
        self, visitor: Visitor, services: Services, seller: User
    ) -> None:
        path = created(visitor)
        form = visitor.open(f"{path}/duplicate")
        asked = {"title": "Jazz again", "date": "2030-06-08T19:00"}

        first = visitor.post(f"{path}/duplicate", **asked)
        again = visitor.post(f"{path}/duplicate", **asked)

        assert value_of(form, "title") == "Lagos Jazz Night"
        assert first.headers["location"] == again.headers["location"] == "/manage/events/2"
        page = visitor.open("/manage/events/2")
        assert "This is a draft." in page
        assert "Saturday, 8 June 2030, 19:00" in page

    @pytest.mark.parametrize(
        ("date", "told"),
        [("", "This field is needed."), ("2020-01-01T19:00", "Must be in the future")],
    )
    def test_tells_what_is_wrong_with_the_date(
        self, visitor: Visitor, date: str, told: str
    ) -> None:
        path = created(visitor)
        visitor.open(f"{path}/duplicate")

        page = visitor.post(f"{path}/duplicate", 422, title="Again", date=date).text

        assert mistake_at(page, "date") == told
        assert value_of(page, "title") == "Again"


class TestChange:
    def test_on_top_of_another_one_asks_to_look_first(
        self, visitor: Visitor, services: Services, make: Factory
    ) -> None:
        path = created(visitor)
        stale = {"version": "1"}
        visitor.open(f"{path}/edit")
        visitor.post(f"{path}/edit", **(FORM | stale | {"location": "Lekki"}))

        page = visitor.post(f"{path}/edit", 412, **(FORM | stale | {"title": "Mine"})).text
        after = services.events.get(EventId(1))
        visitor.post(f"{path}/edit", **(FORM | {"version": "2", "title": "Mine"}))

        assert "was changed since you opened this form" in page
        assert value_of(page, "title") == "Mine"
        assert 'name="version" value="2"' in page
        assert (after.title, after.location) == ("Lagos Jazz Night", "Lekki")
        assert services.events.get(EventId(1)).title == "Mine"


class TestRights:
    @pytest.mark.parametrize("role", OrganizationRole)
    def test_decide_who_sees_and_takes_the_steps(
        self,
        visitor: Visitor,
        services: Services,
        make: Factory,
        role: OrganizationRole,
    ) -> None:
        band = Band(services, make)
        make.event(organizer=band.owner, organization_id=band.id, is_draft=True)
        member = signed_in(visitor, band.member(role))
        sees, manages = (
            role in ROLES_FOR[each] for each in (Action.SEE_EVENT, Action.MANAGE_EVENT)
        )

        member.open(f"{PAGE}/preview", 200 if sees else 404)
        if sees:
            page = member.open(PAGE)
            assert [f"{PAGE}/{each}" in page for each in ("publish", "duplicate", "delete")] == (
                [manages] * 3
            )
        if not manages:
            for step in STEPS:
                # A draft is shown to those who see events alone; others learn of none.
                member.post(f"{PAGE}/{step}", 403 if sees else 404)
            assert services.managed_events.show(
                event_id=EventId(1), organizer=band.owner
            ).shown.event.is_draft

    def test_of_another_organization_are_none(
        self, visitor: Visitor, make: Factory, draft: str
    ) -> None:
        rival = signed_in(visitor, make.user())

        rival.open(f"{draft}/preview", 404)
        for step in STEPS:
            rival.post(f"{draft}/{step}", 404)

    def test_need_the_proof_of_the_form(self, visitor: Visitor, draft: str) -> None:
        visitor.csrf = "0" * 64

        for step in STEPS:
            visitor.post(f"{draft}/{step}", 403)


class TestFormsThatAreOpenedAnew:
    def test_make_the_same_once_more_after_it_was_deleted(self, visitor: Visitor) -> None:
        path = created(visitor)
        made = []
        for _ in range(2):
            token = hidden_in(visitor.open(f"{path}/duplicate"), "form_token")
            asked = {"title": "Jazz again", "date": "2030-06-08T19:00", "form_token": token}
            answer = visitor.post(f"{path}/duplicate", **asked)
            made.append(answer.headers["location"])
            visitor.open(made[-1])
            visitor.post(f"{made[-1]}/delete")

        assert made == ["/manage/events/2", "/manage/events/3"]

    def test_create_the_same_event_once_more_after_it_was_deleted(self, visitor: Visitor) -> None:
        made = []
        for _ in range(2):
            token = hidden_in(visitor.open("/manage/events/new"), "form_token")
            answer = visitor.post("/manage/events/new", **FORM, form_token=token)
            again = visitor.post("/manage/events/new", **FORM, form_token=token)
            assert again.headers["location"] == answer.headers["location"]
            made.append(answer.headers["location"])
            visitor.post(f"{made[-1]}/delete")

        assert made == ["/manage/events/1", "/manage/events/2"]
