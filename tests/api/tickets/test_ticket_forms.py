"""A ticket's picture, its paper, and whether what a caller has is still right."""

import base64
from io import BytesIO
from xml.etree import ElementTree

import httpx
import pytest
from PIL import Image

from app.domain.ids import TicketId
from app.models.events.events import Event
from app.models.tickets.tickets import Ticket
from app.repositories.database import Database
from tests.api.answers import code_of
from tests.api.conftest import Person, one_database
from tests.support.factories import Factory
from tests.support.pictures import codes_on
from tests.support.prints import pdf_pixels, pdf_text, png_pixels, svg_pixels

pytestmark = one_database

PNG, JSON = "image/png", "application/json"
PDF, SVG = "application/pdf", "image/svg+xml"
FORMS = (PNG, JSON, PDF, SVG)


@pytest.fixture
def ticket(api: httpx.Client, make: Factory, ada: Person, organizer: Person) -> int:
    event = make.event(title="Ọjọ́ Àjọ̀dún", organizer=organizer.user)
    return make.buy(ada.user, event.id).tickets[0].id


def show(
    api: httpx.Client, person: Person, ticket: int, accept: str = "*/*", **more: str
) -> httpx.Response:
    query = {"size": more.pop("size")} if "size" in more else {}
    headers = {**person.headers, "Accept": accept, **more}
    return api.get(f"/tickets/{ticket}", params=query, headers=headers)


class TestForms:
    def test_all_show_the_same_code(self, api: httpx.Client, ada: Person, ticket: int) -> None:
        described = show(api, ada, ticket, JSON).json()

        png, svg, pdf = (show(api, ada, ticket, form) for form in (PNG, SVG, PDF))

        for picture in (png_pixels(png.content), svg_pixels(svg.content), pdf_pixels(pdf.content)):
            assert codes_on(picture) == [described["code"]]
        assert (
            ElementTree.fromstring(svg.content).findtext("{http://www.w3.org/2000/svg}text")
            == (described["short_code"])
        )
        assert described["short_code"] in pdf_text(pdf.content)[0]
        for form, answer in (("png", png), ("svg", svg), ("pdf", pdf)):
            name = f'inline; filename="ticket-{ticket}.{form}"'
            assert answer.headers["content-disposition"] == name
        assert "default-src 'none'" in svg.headers["content-security-policy"]

    def test_on_paper_say_what_the_database_says(
        self, api: httpx.Client, database: Database, ada: Person, ticket: int
    ) -> None:
        with database.writing() as work:
            session = work.tickets._db
            event = session.get(Event, 1)
            assert event is not None
            event.terms = "Ẹ káàbọ̀! No glass."
            row = session.get(Ticket, ticket)
            assert row is not None
            row.attendee_name = "Màmá Ṣọlá"

        (page,) = pdf_text(show(api, ada, ticket, PDF).content)

        for said in ("Ọjọ́ Àjọ̀dún", "organizer", "₦2,500.00", "Màmá Ṣọlá", "Ẹ káàbọ̀! No glass."):
            assert said in page, said

    def test_on_paper_name_the_account_where_no_attendee_is_named(
        self, api: httpx.Client, make: Factory, ada: Person
    ) -> None:
        bought = make.buy(ada.user, make.event().id)

        (page,) = pdf_text(show(api, ada, bought.tickets[0].id, PDF).content)

        assert "Holder\r\nada\r\n" in page
        assert f"order {bought.order.id}" in page


class TestSize:
    @pytest.mark.parametrize("size", ["120", "333", "2000"])
    def test_is_what_was_asked_for(
        self, api: httpx.Client, ada: Person, ticket: int, size: str
    ) -> None:
        png = show(api, ada, ticket, size=size).content
        described = show(api, ada, ticket, JSON, size=size).json()

        assert Image.open(BytesIO(png)).size == (int(size), int(size))
        assert codes_on(png_pixels(png)) == [described["code"]]
        assert base64.b64decode(described["qr_code_base64"]) == png

    def test_is_330_by_default(self, api: httpx.Client, ada: Person, ticket: int) -> None:
        assert Image.open(BytesIO(show(api, ada, ticket).content)).size == (330, 330)

    @pytest.mark.parametrize("size", ["119", "2001", "-1", "1e3", "330.5", "", "x"])
    def test_is_refused_where_it_is_odd(
        self, api: httpx.Client, ada: Person, ticket: int, size: str
    ) -> None:
        assert code_of(show(api, ada, ticket, size=size)) == (422, "validation-failed")


class TestEntityTag:
    @pytest.mark.parametrize("form", FORMS)
    def test_saves_sending_it_again(
        self, api: httpx.Client, ada: Person, ticket: int, form: str
    ) -> None:
        first = show(api, ada, ticket, form)
        tag = first.headers["etag"]

        for condition in (tag, f"W/{tag}", f'"other", {tag}', "*"):
            again = show(api, ada, ticket, form, **{"If-None-Match": condition})
            assert again.status_code == 304
            assert again.content == b""
            assert again.headers["etag"] == tag
            assert again.headers["vary"] == "Accept"
            assert again.headers["cache-control"] == "private, no-cache"
        changed = show(api, ada, ticket, form, **{"If-None-Match": '"other"'})
        assert changed.content == first.content

    def test_is_each_forms_own(self, api: httpx.Client, ada: Person, ticket: int) -> None:
        tags = {show(api, ada, ticket, form).headers["etag"] for form in FORMS}
        tags.add(show(api, ada, ticket, size="400").headers["etag"])

        assert len(tags) == len(FORMS) + 1

    @pytest.mark.parametrize("form", FORMS)
    def test_is_a_new_one_when_the_ticket_is(
        self, api: httpx.Client, database: Database, ada: Person, ticket: int, form: str
    ) -> None:
        first = show(api, ada, ticket, form)
        with database.writing() as work:
            row = work.tickets._db.get(Ticket, ticket)
            assert row is not None
            row.version += 1

        again = show(api, ada, ticket, form, **{"If-None-Match": first.headers["etag"]})

        assert again.status_code == 200
        assert again.content != first.content

    def test_of_the_paper_is_a_new_one_when_its_terms_are(
        self, api: httpx.Client, database: Database, ada: Person, ticket: int
    ) -> None:
        first = {form: show(api, ada, ticket, form) for form in (PDF, PNG)}
        with database.writing() as work:
            event = work.tickets._db.get(Event, 1)
            assert event is not None
            event.terms = "No glass."

        again = {
            form: show(api, ada, ticket, form, **{"If-None-Match": answer.headers["etag"]})
            for form, answer in first.items()
        }

        assert again[PDF].status_code == 200
        assert again[PNG].status_code == 304

    def test_does_not_tell_strangers_that_there_is_a_ticket(
        self, api: httpx.Client, ada: Person, bola: Person, ticket: int
    ) -> None:
        tag = show(api, ada, ticket).headers["etag"]

        answer = show(api, bola, ticket, **{"If-None-Match": tag})

        assert code_of(answer) == (404, "ticket-not-found")


class TestPaperPage:
    def test_is_at_the_address_in_the_mail(
        self, api: httpx.Client, database: Database, ada: Person, ticket: int
    ) -> None:
        with database.reading() as work:
            key = work.tickets.listing(TicketId(ticket), user_id=ada.user.id).link_key

        answer = api.get(f"/t/{key}.pdf")

        assert answer.status_code == 200
        assert answer.headers["content-type"] == PDF
        assert answer.content == show(api, ada, ticket, PDF).content

    def test_is_at_no_other_address(self, api: httpx.Client) -> None:
        answer = api.get("/t/nobody-knows.pdf")

        assert answer.status_code == 404
        assert answer.headers["content-type"].startswith("text/html")
