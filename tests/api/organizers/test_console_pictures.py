"""The picture of an event in the console, without a script."""

import pytest

from app.domain.errors import PicturesUnavailable
from app.domain.states import Role
from app.http.services import Services
from app.wiring.adapters import Adapters
from tests.api.conftest import one_database
from tests.steps.browsing import Visitor, mistake_at, value_of
from tests.steps.console import created, id_in, signed_in
from tests.support.factories import Factory
from tests.support.fakes import FakePictures
from tests.support.pictures import photo

pytestmark = one_database

HOSTILE = """"><script>alert(1)</script>"""


@pytest.fixture
def path(visitor: Visitor) -> str:
    """The address of an event's page in the console, its form for pictures opened."""
    path = created(visitor)
    visitor.open(f"{path}/picture")
    return path


class TestUpload:
    def test_leads_back_to_the_event_which_shows_it(
        self, visitor: Visitor, services: Services, path: str
    ) -> None:
        form = visitor.open(f"{path}/picture")
        assert 'enctype="multipart/form-data"' in form
        assert 'type="file"' in form
        assert "Add a picture" in visitor.open(path)

        answer = visitor.send_file(f"{path}/picture", "image", photo(), alt="A band")

        assert answer.headers["location"] == path
        event = services.events.get(id_in(path))
        assert event.picture is not None
        assert event.picture_alt == "A band"
        assert "Change the picture" in visitor.open(path)
        form = visitor.open(f"{path}/picture")
        assert f"/pictures/{event.picture.largest.name}" in form
        assert value_of(form, "alt") == "A band"

    @pytest.mark.parametrize(
        ("content", "told"),
        [
            (b"", "Must be a picture: choose a file"),
            (b"GIF89a", "Must be a JPEG, PNG or WebP picture"),
            (photo(100, 100), "Must have at least 200 x 200 pixels; this one has 100 x 100"),
        ],
    )
    def test_tells_beside_the_field_what_is_wrong(
        self, visitor: Visitor, services: Services, path: str, content: bytes, told: str
    ) -> None:
        answer = visitor.send_file(f"{path}/picture", "image", content, 422, alt=HOSTILE)

        assert mistake_at(answer.text, "image") == told
        assert value_of(answer.text, "alt") == HOSTILE
        assert "<script>" not in answer.text
        assert services.events.get(id_in(path)).picture is None

    def test_of_too_large_a_file_is_told_beside_the_field(
        self, visitor: Visitor, path: str
    ) -> None:
        answer = visitor.send_file(f"{path}/picture", "image", bytes(12 * 1024 * 1024), 413)

        told = mistake_at(answer.text, "image")
        assert told == "The file is too large: send one of at most 10 MB."

    def test_of_too_many_words_is_told_beside_them(self, visitor: Visitor, path: str) -> None:
        answer = visitor.send_file(f"{path}/picture", "image", photo(), 422, alt="x" * 251)

        assert "250" in mistake_at(answer.text, "alt")

    def test_is_told_when_the_store_does_not_answer(
        self, visitor: Visitor, outside: Adapters, path: str
    ) -> None:
        assert isinstance(outside.picture_store, FakePictures)
        outside.picture_store.failure = PicturesUnavailable()

        answer = visitor.send_file(f"{path}/picture", "image", photo(), 503)

        assert "Nothing was changed" in answer.text

    def test_without_the_proof_of_the_session_is_refused(
        self, visitor: Visitor, services: Services, path: str
    ) -> None:
        visitor.csrf = "0" * 64

        visitor.send_file(f"{path}/picture", "image", photo(), 403)

        assert services.events.get(id_in(path)).picture is None

    def test_of_others_finds_nothing(
        self, visitor: Visitor, make: Factory, services: Services, path: str
    ) -> None:
        rival = signed_in(visitor, make.user(role=Role.ORGANIZER))

        rival.open(f"{path}/picture", 404)
        rival.send_file(f"{path}/picture", "image", photo(), 404)
        rival.post(f"{path}/picture/remove", 404)

        nobody = Visitor(visitor.api)
        answer = nobody.send_file(f"{path}/picture", "image", photo(), 303)
        assert answer.headers["location"].startswith("/sign-in")
        assert services.events.get(id_in(path)).picture is None


class TestRemove:
    def test_takes_the_picture_away(self, visitor: Visitor, services: Services, path: str) -> None:
        visitor.send_file(f"{path}/picture", "image", photo())
        visitor.open(f"{path}/picture")

        answer = visitor.post(f"{path}/picture/remove")

        assert answer.headers["location"] == f"{path}/picture"
        assert services.events.get(id_in(path)).picture is None
        assert "Remove this picture" not in visitor.open(f"{path}/picture")
