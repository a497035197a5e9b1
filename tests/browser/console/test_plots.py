"""Plots of the console's reports: what the tables say, drawn; without scripts the tables alone."""

from collections.abc import Iterator
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.barriers import barriers_on
from tests.programs.servers import Server

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

DRAWN: Final = "figure.plot canvas"
COLOURS: Final = """canvas => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  const found = new Set();
  for (let at = 0; at < data.length; at += 4) {
    if (data[at + 3] === 255) found.add(`${data[at]},${data[at + 1]},${data[at + 2]}`);
  }
  return [...found];
}"""
NUMBERS: Final = """async figures => {
  const { numbersOf } = await import("/static/plots/plots.js");
  return figures.map((figure) => numbersOf(figure).values);
}"""
BRAND: Final = {"light": "109,40,217", "dark": "196,167,255"}


@pytest.fixture(params=[True, False], ids=["scripts", "no scripts"])
def runs_scripts(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def window(browser: Browser, runs_scripts: bool) -> Iterator[Page]:
    context = browser.new_context(java_script_enabled=runs_scripts, color_scheme="light")
    yield context.new_page()
    context.close()


def sell(page: Page, shop: Server) -> None:
    """Sign up, and sell three tickets of two types."""
    page.goto(f"{shop.url}/sign-up")
    page.get_by_label("User name").fill("bola")
    page.get_by_label("E-mail address").fill("bola@example.com")
    page.get_by_label("Password").fill("correct horse battery")
    page.get_by_role("button", name="Sign up").click()
    with shop.client() as http:
        who = {"username": "bola", "password": "correct horse battery"}
        token = http.post("/token", data=who).raise_for_status().json()["access_token"]
        headers = {"Authorization": f"Bearer {token}"}
        event: dict[str, Any] = {
            "title": "Lagos Jazz Night",
            "date": "2040-06-01T19:00",
            "location": "Freedom Park, Lagos",
            "ticket_price": 0,
            "ticket_types": [
                {"name": "Free", "ticket_price": 0},
                {"name": "Press", "ticket_price": 0},
            ],
        }
        made = http.post("/events/", json=event, headers=headers).raise_for_status().json()
        for each, quantity in zip(made["ticket_types"], (2, 1), strict=True):
            items = [{"ticket_type_id": each["id"], "quantity": quantity}]
            order = {"event_id": made["id"], "items": items}
            http.post("/orders/", json=order, headers=headers).raise_for_status()


class TestPlots:
    def test_draw_what_the_tables_say(self, window: Page, runs_scripts: bool, shop: Server) -> None:
        complaints: list[str] = []
        window.on("console", lambda message: complaints.append(message.text))
        window.on("pageerror", lambda error: complaints.append(str(error)))
        sell(window, shop)

        window.goto(f"{shop.url}/manage/events/1/report")

        expect(window.locator("#tickets-by-type tbody tr")).to_have_count(2)
        if not runs_scripts:
            expect(window.locator(DRAWN)).to_have_count(0)
            expect(window.locator("figure.plot").first).to_be_hidden()
            return
        expect(window.locator(DRAWN)).to_have_count(2)
        numbers = window.locator("figure.plot").evaluate_all(NUMBERS)
        by_day, by_type = numbers
        assert by_day == [[3]]
        assert [round(share, 1) for share in by_type[0]] == [66.7, 33.3]
        for canvas in window.locator(DRAWN).all():
            assert BRAND["light"] in canvas.evaluate(COLOURS)
        window.emulate_media(color_scheme="dark")
        dark = f"""() => [...document.querySelectorAll("{DRAWN}")].every(
          (canvas) => ({COLOURS})(canvas).includes("{BRAND["dark"]}"))"""
        window.wait_for_function(dark)
        window.set_viewport_size({"width": 360, "height": 800})
        expect(window.locator(DRAWN).first).to_be_visible()
        assert window.evaluate("document.documentElement.scrollWidth") == 360
        assert barriers_on(window) == []
        assert [each for each in complaints if "getImageData" not in each] == []
