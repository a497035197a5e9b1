"""The logo of an organization: uploaded over the API, and where its file is."""

import io

import httpx
import pytest
from PIL import Image

from app.domain.errors import PicturesUnavailable
from app.domain.permissions import OrganizationRole
from app.http.services import Services
from app.wiring.adapters import Adapters
from tests.api.answers import code_of
from tests.api.conftest import Person, one_database
from tests.steps.organizations import Band
from tests.support.factories import Factory
from tests.support.fakes import FakePictures
from tests.support.pictures import SVG, claimed_png, photo
from tests.support.racing import at_once

SHOP = "https://shop.test"
LOGO = photo(800, 400, kind="PNG", mode="RGBA", colour="#00000000")


@pytest.fixture
def band(services: Services, make: Factory, organizer: Person) -> Band:
    return Band(services, make, owner=organizer.user)


@pytest.fixture
def store(outside: Adapters) -> FakePictures:
    assert isinstance(outside.picture_store, FakePictures)
    return outside.picture_store


def upload(
    api: httpx.Client, band: Band, person: Person, content: bytes = LOGO, **fields: str
) -> httpx.Response:
    """Send a file whose name and type mean nothing."""
    return api.put(
        f"/organizations/{band.id}/logo",
        headers=person.headers,
        files={"image": ("../../x.html", content, "text/html")},
        data=fields,
    )


class TestUpload:
    def test_is_kept_small_with_what_is_clear(
        self, api: httpx.Client, band: Band, organizer: Person
    ) -> None:
        shown = upload(api, band, organizer)

        assert shown.status_code == 200, shown.text
        logo = shown.json()["logo"]
        assert (logo["width"], logo["height"]) == (480, 240)
        assert logo["url"].startswith(f"{SHOP}/pictures/")
        file = api.get(logo["url"])
        assert file.headers["content-type"] == "image/png"
        assert "immutable" in file.headers["cache-control"]
        picture = Image.open(io.BytesIO(file.content))
        assert (picture.format, picture.mode, picture.size) == ("PNG", "RGBA", (480, 240))
        read = api.get(f"/organizations/{band.id}", headers=organizer.headers)
        assert read.json() == shown.json()
        (listed,) = api.get("/organizations/", headers=organizer.headers).json()
        assert listed == shown.json()

    @one_database
    def test_may_be_of_several_megabytes(
        self, api: httpx.Client, band: Band, organizer: Person
    ) -> None:
        noise = Image.effect_noise((1500, 1500), 200)
        file = io.BytesIO()
        noise.save(file, "PNG")
        assert len(file.getvalue()) > 1024 * 1024

        assert upload(api, band, organizer, file.getvalue()).status_code == 200

    @one_database
    def test_replaces_the_one_before_until_it_is_removed(
        self, api: httpx.Client, band: Band, organizer: Person
    ) -> None:
        before = upload(api, band, organizer).json()["logo"]
        after = upload(api, band, organizer, photo(colour="navy")).json()["logo"]
        assert after["url"] != before["url"]

        removed = api.delete(f"/organizations/{band.id}/logo", headers=organizer.headers)

        assert removed.status_code == 204
        read = api.get(f"/organizations/{band.id}", headers=organizer.headers)
        assert read.json()["logo"] is None

    @pytest.mark.parametrize(
        ("content", "rule"),
        [
            (b"", "must be a picture: choose a file"),
            (SVG, "must be a JPEG, PNG or WebP picture"),
            (photo()[:2000], "must be a whole picture; this one is broken or not complete"),
            (claimed_png(30_000, 30_000), "must have at most 32 million pixels; this one has "),
            (photo(31, 31), "must have at least 32 x 32 pixels; this one has 31 x 31"),
        ],
    )
    @one_database
    def test_of_what_is_no_logo_is_refused_and_keeps_the_one_there_was(
        self,
        api: httpx.Client,
        band: Band,
        organizer: Person,
        store: FakePictures,
        content: bytes,
        rule: str,
    ) -> None:
        before, kept = upload(api, band, organizer).json(), dict(store.files)

        refused = upload(api, band, organizer, content)

        assert code_of(refused) == (422, "picture-unusable")
        assert refused.json()["errors"][0]["detail"].startswith(rule)
        read = api.get(f"/organizations/{band.id}", headers=organizer.headers)
        assert read.json() == before
        assert store.files == kept

    @one_database
    def test_of_too_much_or_of_other_fields_is_refused(
        self, api: httpx.Client, band: Band, organizer: Person, store: FakePictures
    ) -> None:
        too_large = upload(api, band, organizer, bytes(20 * 1024 * 1024))
        assert too_large.json()["limit"] == 10 * 1024 * 1024
        with_words = upload(api, band, organizer, alt="Words")

        assert code_of(too_large) == (413, "content-too-large")
        assert code_of(with_words) == (422, "validation-failed")
        assert not store.files

    @one_database
    def test_of_others_is_refused_before_their_file_is_read(
        self,
        api: httpx.Client,
        services: Services,
        band: Band,
        rival: Person,
        ada: Person,
    ) -> None:
        band.join(ada.user, OrganizationRole.MANAGER)

        of_rival, of_manager = (
            upload(api, band, person, b"never looked at") for person in (rival, ada)
        )

        assert code_of(of_rival) == (404, "organization-not-found")
        assert code_of(of_manager) == (403, "organization-role-missing")
        removed = api.delete(f"/organizations/{band.id}/logo", headers=rival.headers)
        assert code_of(removed) == (404, "organization-not-found")

    @one_database
    def test_changes_nothing_when_the_file_cannot_be_kept(
        self, api: httpx.Client, band: Band, organizer: Person, store: FakePictures
    ) -> None:
        store.failure = PicturesUnavailable()

        refused = upload(api, band, organizer)

        assert code_of(refused) == (503, "pictures-unavailable")
        read = api.get(f"/organizations/{band.id}", headers=organizer.headers)
        assert read.json()["logo"] is None

    def test_of_two_at_once_leaves_one_whole(
        self, services: Services, band: Band, store: FakePictures
    ) -> None:
        def put(colour: str) -> object:
            content = photo(500, 300, colour=colour)
            return services.organizations.upload_logo(
                organization_id=band.id, owner=band.owner, content=content
            ).logo

        done = at_once([lambda: put("teal"), lambda: put("navy")])

        shown = services.organizations.get(member=band.owner, organization_id=band.id).logo
        assert shown in done
        assert shown is not None
        assert shown.largest.name in store.files
