"""A ticket's page, and the one where an offered ticket is taken."""

import re
from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest

from app.http.services import Services
from tests.api.conftest import one_database
from tests.api.http.test_pages import open_page
from tests.steps.transfers import HandOver
from tests.support.fakes import FakeClock

pytestmark = one_database

ELSEWHERE = re.compile(r'(?:src|href|action)="(https?:[^"]+)"')


def page_of(hand_over: HandOver) -> str:
    return f"/t/{hand_over.ticket().link_key}"


class TestTicketPage:
    def test_has_all_one_needs_and_loads_nothing_from_elsewhere(
        self, api: httpx.Client, hand_over: HandOver
    ) -> None:
        ticket = hand_over.ticket()

        page = open_page(api, page_of(hand_over))

        assert "data:image/svg+xml;base64," in page
        for wanted in (ticket.code, "Valid", "General admission", hand_over.ada.username):
            assert wanted in page
        assert "Wednesday, 31 March 2027, 13:00 (WAT)" in page
        for ending in ("ics", "pdf"):
            assert f'href="/t/{ticket.link_key}.{ending}"' in page
            assert api.get(f"/t/{ticket.link_key}.{ending}").status_code == 200
        assert ELSEWHERE.findall(page) == [
            "https://www.openstreetmap.org/search?query=Freedom%20Park%2C%20Lagos"
        ]
        assert "width=device-width" in page

    def test_breaks_words_that_are_wider_than_a_phone(
        self, api: httpx.Client, hand_over: HandOver
    ) -> None:
        page = open_page(api, page_of(hand_over))

        sheet = re.search(r'rel="stylesheet" href="([^"]+)"', page)
        assert sheet is not None
        assert re.search(r"\nbody \{[^}]*overflow-wrap: anywhere;", api.get(sheet.group(1)).text)

    def test_prints_terms_as_text(self, api: httpx.Client, hand_over: HandOver) -> None:
        with hand_over.outside.database.writing() as work:
            event = work.events.get(hand_over.bought.order.event_id)
            event.terms = "No <b>bottles</b>.\nNo dogs."

        page = open_page(api, page_of(hand_over))

        assert "No &lt;b&gt;bottles&lt;/b&gt;.\nNo dogs." in page

    @pytest.mark.parametrize(
        ("state", "badge"),
        [
            ("used", "Used"),
            ("refunded", "Refunded"),
            ("revoked", "Revoked"),
            ("cancelled", "Event cancelled"),
            ("over", "Event is over"),
        ],
    )
    def test_tells_how_the_ticket_stands(
        self,
        api: httpx.Client,
        hand_over: HandOver,
        services: Services,
        clock: FakeClock,
        state: str,
        badge: str,
    ) -> None:
        organizer = hand_over.organizer
        become: dict[str, Callable[[], object]] = {
            "used": hand_over.use,
            "refunded": hand_over.refund,
            "revoked": lambda: services.reissues.revoke(
                ticket_id=hand_over.ticket_id, organizer=organizer, reason="resold"
            ),
            "cancelled": lambda: services.events.cancel(
                event_id=hand_over.bought.order.event_id, organizer=organizer, dry_run=False
            ),
            "over": lambda: clock.advance(timedelta(days=31)),
        }
        become[state]()

        page = open_page(api, page_of(hand_over))

        assert badge in page
        assert ("data:image/svg" in page) == (state == "used")
        assert (hand_over.ticket().code in page) == (state == "used")

    def test_of_a_ticket_that_was_handed_on_is_gone(
        self, api: httpx.Client, hand_over: HandOver
    ) -> None:
        old = page_of(hand_over)
        new = hand_over.accept(hand_over.offer())

        page = open_page(api, old, status=410)

        assert "This ticket for Lagos Jazz Night was transferred." in page
        assert [api.get(f"{old}.{ending}").status_code for ending in ("ics", "pdf")] == [410, 410]
        assert new.link_key not in page
        assert new.code in open_page(api, page_of(hand_over))

    def test_of_a_ticket_that_was_issued_again_points_to_the_mail(
        self, api: httpx.Client, hand_over: HandOver, services: Services
    ) -> None:
        old = page_of(hand_over)
        services.reissues.reissue(
            ticket_id=hand_over.ticket_id, organizer=hand_over.organizer, reason="lost"
        )

        page = open_page(api, old, status=410)

        assert "reissued under another code" in page
        assert "The newest mail" in page


class TestTransferPage:
    def test_takes_the_ticket_by_its_button_only(
        self, api: httpx.Client, hand_over: HandOver
    ) -> None:
        token = hand_over.token(hand_over.offer(name="Chi <Obi>"))
        path = f"/transfer?token={token}"

        pages = [open_page(api, path) for _ in range(3)]
        looked = hand_over.ticket().version
        policy = api.get(path).headers["content-security-policy"]
        taken = api.post("/transfer", data={"token": token})

        assert "Chi &lt;Obi&gt;" in pages[0]
        assert f"{hand_over.ada.username} hands you a ticket for Lagos Jazz Night" in pages[0]
        assert (looked, hand_over.ticket().version) == (1, 2)
        assert "form-action 'self'" in policy
        assert taken.status_code == 303
        assert taken.headers["location"] == page_of(hand_over)
        assert "Valid" in open_page(api, taken.headers["location"])

    def test_pressed_twice_says_that_it_was_taken(
        self, api: httpx.Client, hand_over: HandOver
    ) -> None:
        token = hand_over.token(hand_over.offer())
        api.post("/transfer", data={"token": token})

        again = api.post("/transfer", data={"token": token})

        assert again.status_code == 410
        assert "was taken over" in again.text
        assert "form-action 'none'" in again.headers["content-security-policy"]
        assert hand_over.ticket().link_key not in again.text
        assert hand_over.ticket().version == 2

    @pytest.mark.parametrize("end", ["withdrawn", "late", "used", "cancelled"])
    def test_says_when_it_is_over(
        self,
        api: httpx.Client,
        hand_over: HandOver,
        services: Services,
        clock: FakeClock,
        end: str,
    ) -> None:
        transfer = hand_over.offer()
        match end:
            case "withdrawn":
                services.transfers.withdraw(transfer_id=transfer.id, giver_id=hand_over.ada.id)
            case "late":
                clock.advance(timedelta(days=7))
            case "used":
                hand_over.use()
            case _:
                services.events.cancel(
                    event_id=hand_over.bought.order.event_id,
                    organizer=hand_over.organizer,
                    dry_run=False,
                )
        token = hand_over.token(transfer)

        shown = open_page(api, f"/transfer?token={token}", status=410)
        pressed = api.post("/transfer", data={"token": token})

        assert "<form" not in shown
        assert pressed.status_code == 410
        assert hand_over.ticket().version == 1

    @pytest.mark.parametrize("token", ["", "1.x", "%00", "%F0%9F%8E%9F"])
    def test_knows_only_links_of_ours(self, api: httpx.Client, token: str) -> None:
        open_page(api, f"/transfer?token={token}", status=404)
        assert api.post("/transfer", data={"token": token}).status_code == 404
