"""The back office, as an admin at a browser uses it, and as no other account can."""

import re

import httpx
import pytest

from app.domain.admins.actions import AdminActionKind
from app.domain.errors import MailRejected, RefundRefused
from app.domain.states import Role
from app.http.services import Services
from app.models.users.users import User
from app.services.payments.settlement import Settlement
from app.services.users.accounts import OPERATOR
from tests.api.conftest import one_database
from tests.steps.browsing import Visitor, mistake_at, words_of
from tests.support.factories import Factory
from tests.support.fakes import FakeGateway, FakeMailer

pytestmark = one_database

WHY = "Asked for by phone"


@pytest.fixture
def bought(make: Factory) -> Settlement:
    organizer = make.user(name="organizer", role=Role.ORGANIZER)
    return make.buy(make.user(name="ada"), make.event(organizer=organizer).id)


def pages_of(bought: Settlement, user_id: int) -> list[str]:
    return [
        "/admin",
        "/admin/find?q=ada",
        "/admin/to-do",
        "/admin/log",
        f"/admin/person/{user_id}",
        f"/admin/order/{bought.order.id}",
        f"/admin/payment/{bought.payment.id}",
        f"/admin/ticket/{bought.tickets[0].id}",
        "/admin/mail/1",
        f"/admin/do/person/{user_id}/disable",
        f"/admin/do/order/{bought.order.id}/release",
    ]


class TestEveryPage:
    def test_is_for_admins(
        self, api: httpx.Client, desk: Visitor, make: Factory, bought: Settlement
    ) -> None:
        seller = Visitor(api)
        seller.sign_in("organizer")

        for path in pages_of(bought, bought.order.buyer_id):
            assert desk.open(path)
            seller.open(path, 404)
            answer = Visitor(api).api.get(path, headers=Visitor(api).headers)
            assert answer.status_code == 303, path
            assert answer.headers["location"].startswith("/sign-in?next=/admin"), path

    def test_looks_to_others_as_if_there_were_none(
        self, api: httpx.Client, make: Factory, bought: Settlement
    ) -> None:
        seller = Visitor(api)
        seller.sign_in("organizer")

        texts = {
            re.sub(r'value="[0-9a-f]{64}"|href="\?[^"]*lang=', "", seller.open(path, 404))
            for path in (*pages_of(bought, bought.order.buyer_id), "/admin/nothing-at-all")
        }

        assert len(texts) == 1

    def test_has_no_secret(self, desk: Visitor, bought: Settlement) -> None:
        for path in pages_of(bought, bought.order.buyer_id):
            page = desk.open(path)
            assert bought.tickets[0].link_key not in page
            assert "$argon" not in page

    def test_shows_hostile_words_as_words(
        self, desk: Visitor, make: Factory, services: Services
    ) -> None:
        hostile = "<script>alert(1)</script>"
        organizer = make.user(role=Role.ORGANIZER)
        event = make.event(title=hostile, organizer=organizer, price="0")
        order = make.order(make.user(name="bola"), event.id)
        services.account_control.log_out(
            actor=organizer.actor.__class__(role=Role.ADMIN), user_id=organizer.id, reason=hostile
        )

        for path in (
            "/admin/find?q=%3Cscript%3Ealert(1)%3C/script%3E",
            "/admin/find?q=bola",
            f"/admin/order/{order.id}",
            "/admin/log",
        ):
            page = desk.open(path)
            assert "<script" not in page, path
            assert "&lt;script&gt;" in page, path


class TestLog:
    def test_tells_details_in_french(
        self, desk: Visitor, root: User, make: Factory, services: Services, bought: Settlement
    ) -> None:
        make.work()
        chi = make.user(name="chi")
        for actor in (root.actor, OPERATOR):
            role = Role.ORGANIZER if actor is OPERATOR else Role.ADMIN
            services.account_control.set_role(
                actor=actor, user_id=chi.id, role=role, reason="Asked"
            )
        desk.open("/admin/mail/1")
        desk.open("/admin/find?q=ada")
        desk.open(f"/manage/events/{bought.order.event_id}/ticket-types")
        desk.cookies["lang"] = "fr"

        words = words_of(desk.open("/admin/log"))

        for told in (
            "GET /manage/events/{event_id}/ticket-types",
            "tout",
            "billets émis",
            "acheteur, puis administrateur",
            "administrateur, puis organisateur",
            "ligne de commande",
        ):
            assert told in words, (told, words)
        assert " to " not in words


class TestFind:
    def test_leads_from_what_is_quoted_to_the_person(
        self, desk: Visitor, bought: Settlement
    ) -> None:
        page = desk.open(f"/admin/find?q={bought.payment.reference}")

        assert f'href="/admin/order/{bought.order.id}"' in page
        assert f'href="/admin/person/{bought.order.buyer_id}"' in page
        assert "ada@example.com" in desk.open(f"/admin/person/{bought.order.buyer_id}")

    def test_shows_days_of_events_that_last_whole_days(self, desk: Visitor, make: Factory) -> None:
        make.whole_days(title="Street Food Fair")

        page = words_of(desk.open("/admin/find?q=street+food+fair"))

        assert "Freedom Park, Lagos 4 to 6 Dec 2030" in page

    def test_tells_what_is_wrong_beside_the_words(self, desk: Visitor) -> None:
        assert "Type what the caller quotes." in desk.open("/admin/find?q=", 422)
        assert "one line" in desk.open("/admin/find?q=a%00b", 422)
        assert "Nothing was found" in desk.open("/admin/find?q=nobody")

    def test_has_pages(self, desk: Visitor, make: Factory) -> None:
        for number in range(22):
            make.user(name=f"many{number}")

        first = desk.open("/admin/find?q=many")
        assert "All people" in first
        everybody = desk.open("/admin/find?q=many&kind=people")
        (more,) = re.findall(r'rel="next" href="([^"]+)"', everybody)
        rest = desk.open(more.replace("&amp;", "&"))

        shown = re.findall(r">(many\d+)</a>", everybody + rest)
        assert len(shown) == len(set(shown)) == 22


class TestActions:
    def test_ask_for_a_reason_and_are_logged(
        self, desk: Visitor, services: Services, root: User, bought: Settlement
    ) -> None:
        path = f"/admin/do/person/{bought.order.buyer_id}/disable"
        desk.open(path)

        refused = desk.post(path, 422, reason="  ")
        done = desk.post(path, reason=WHY)

        assert mistake_at(refused.text, "reason") == "This field is needed."
        assert done.headers["location"] == f"/admin/person/{bought.order.buyer_id}"
        page = desk.open(f"/admin/person/{bought.order.buyer_id}")
        assert "Disabled" in page
        assert WHY in page
        assert WHY in desk.open("/admin/log")

    def test_are_confirmed_where_they_cannot_be_undone(
        self, desk: Visitor, services: Services, root: User, bought: Settlement
    ) -> None:
        path = f"/admin/do/person/{bought.order.buyer_id}/log-out"
        desk.open(path)

        refused = desk.post(path, 422, reason=WHY)
        rows = services.admin_log.page(
            caller=root, action=AdminActionKind.LOGGED_OUT, after=None, limit=9
        )
        desk.post(path, reason=WHY, confirmed="yes")

        assert "cannot be undone" in refused.text
        assert f'value="{WHY}"' in refused.text
        assert rows.items == []

    def test_change_roles_and_keep_the_last_admin(
        self, desk: Visitor, root: User, bought: Settlement
    ) -> None:
        ada, own = bought.order.buyer_id, f"/admin/do/person/{root.id}/role"
        desk.open(own)

        desk.post(f"/admin/do/person/{ada}/role", role="organizer", reason=WHY)
        refused = desk.post(own, 409, role="buyer", reason=WHY)
        unknown = desk.post(own, 422, role="emperor", reason=WHY)

        assert "<dd>organizer</dd>" in desk.open(f"/admin/person/{ada}")
        assert "only admin" in refused.text
        assert mistake_at(unknown.text, "role")

    def test_take_forms_of_this_session_only(
        self, api: httpx.Client, desk: Visitor, bought: Settlement
    ) -> None:
        path = f"/admin/do/person/{bought.order.buyer_id}/disable"
        seller = Visitor(api)
        seller.sign_in("organizer")

        seller.post(path, 404, reason=WHY)
        desk.csrf = seller.csrf
        desk.post(path, 403, reason=WHY)
        cross = api.post(
            path, data={"reason": WHY}, headers={**desk.headers, "Sec-Fetch-Site": "cross-site"}
        )

        assert cross.status_code == 403

    def test_end_with_the_role_in_a_session_that_is_open(
        self,
        desk: Visitor,
        services: Services,
        make: Factory,
        root: User,
        bought: Settlement,
    ) -> None:
        path = f"/admin/do/person/{bought.order.buyer_id}/disable"
        desk.open(path)
        other = make.user(name="other", role=Role.ADMIN)

        services.account_control.set_role(
            actor=other.actor, user_id=root.id, role=Role.ORGANIZER, reason=WHY
        )

        desk.post(path, 404, reason=WHY)
        desk.open("/admin", 404)
        services.account_control.set_disabled(
            actor=other.actor, user_id=root.id, disabled=True, reason=WHY
        )
        answer = desk.api.get("/admin", headers=desk.headers)
        assert answer.headers["location"].startswith("/sign-in")

    def test_know_no_others(self, desk: Visitor) -> None:
        for path in ("person/1/promote", "ticket/1/release", "people/1/disable", "person/999/role"):
            desk.open(f"/admin/do/{path}", 404)


class TestToDo:
    def test_leads_to_what_does_it(
        self,
        desk: Visitor,
        services: Services,
        make: Factory,
        gateway: FakeGateway,
        mailer: FakeMailer,
        root: User,
        bought: Settlement,
    ) -> None:
        def refuse() -> None:
            raise RefundRefused("TCK", "Your balance is not enough")

        gateway.before_refund = refuse
        mailer.failure = MailRejected("no such mailbox")
        services.refund_requests.request_refund(order_id=bought.order.id, caller=root)
        make.work()
        page = desk.open("/admin/to-do")
        assert "no such mailbox" in page
        assert "balance" in page

        gateway.before_refund, mailer.failure = None, None
        for path in re.findall(r'href="(/admin/do/[a-z]+/\d+/(?:retry|resend))"', page):
            desk.open(path)
            desk.post(path, reason=WHY, confirmed="yes")
        make.work()

        assert "Nothing needs a person." in desk.open("/admin/to-do")
