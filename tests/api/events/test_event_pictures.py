"""The picture of an event: uploaded over the API, and shown wherever the event is."""

import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import httpx
from PIL import Image

from app.clients.pictures.uploads import PillowDrawer
from app.domain.errors import PicturesUnavailable
from app.domain.listings import EventListing
from app.http.services import Services
from app.wiring.adapters import Adapters
from tests.api.answers import code_of
from tests.api.conftest import Person, one_database
from tests.programs.apps import app_of, parts_of
from tests.programs.in_process import InProcess
from tests.steps.pictures import picture_of, upload
from tests.support.fakes import FakePictures
from tests.support.pictures import photo
from tests.support.racing import at_once

HOSTILE = """"><script>alert(1)</script>' onload='alert(2)"""
SHOP = "https://shop.test"


class TestUpload:
    def test_is_shown_to_everybody_in_several_widths(
        self, api: httpx.Client, event: EventListing, organizer: Person
    ) -> None:
        shown = upload(api, event.id, organizer, photo(1800, 900), alt="A band on a stage")

        picture = picture_of(shown)
        assert picture["alt"] == "A band on a stage"
        assert [(f["width"], f["height"]) for f in picture["files"]] == [
            (400, 200),
            (800, 400),
            (1600, 800),
        ]
        assert shown.json()["image_url"] == picture["files"][-1]["url"]
        assert api.get(f"/events/{event.id}").json() == shown.json()
        for file in picture["files"]:
            assert file["url"].startswith(f"{SHOP}/pictures/")
            got = api.get(file["url"])
            assert got.status_code == 200
            assert Image.open(io.BytesIO(got.content)).size == (file["width"], file["height"])

    def test_goes_before_a_picture_that_lies_elsewhere(
        self, api: httpx.Client, event: EventListing, organizer: Person
    ) -> None:
        elsewhere = {"image_url": "https://elsewhere.example/jazz.png"}
        api.patch(f"/events/{event.id}", json=elsewhere, headers=organizer.headers)

        assert upload(api, event.id, organizer).json()["image_url"].startswith(SHOP)

        removed = api.delete(f"/events/{event.id}/image", headers=organizer.headers)
        assert removed.status_code == 204
        shown = api.get(f"/events/{event.id}").json()
        assert (shown["image"], shown["image_url"]) == (None, elsewhere["image_url"])

    def test_replaces_the_one_before_with_its_words(
        self, api: httpx.Client, event: EventListing, organizer: Person
    ) -> None:
        before = picture_of(upload(api, event.id, organizer, alt="First"))

        after = picture_of(upload(api, event.id, organizer, photo(colour="navy")))

        assert after["alt"] is None
        assert after["files"][0]["url"] != before["files"][0]["url"]

    def test_may_be_repeated(
        self, api: httpx.Client, event: EventListing, organizer: Person, store: FakePictures
    ) -> None:
        first = upload(api, event.id, organizer)
        again = upload(api, event.id, organizer)

        assert first.json()["image"] == again.json()["image"]
        assert len(store.files) == 3

    def test_changes_nothing_when_the_files_cannot_be_kept(
        self, api: httpx.Client, event: EventListing, organizer: Person, store: FakePictures
    ) -> None:
        before = upload(api, event.id, organizer).json()
        store.failure = PicturesUnavailable()

        refused = upload(api, event.id, organizer, photo(colour="navy"))

        assert code_of(refused) == (503, "pictures-unavailable")
        assert refused.headers["retry-after"]
        assert api.get(f"/events/{event.id}").json() == before

    def test_names_files_only_once_they_are_there(
        self,
        api: httpx.Client,
        services: Services,
        event: EventListing,
        organizer: Person,
        store: FakePictures,
    ) -> None:
        seen = []
        store.after_save = lambda: seen.append(services.events.get(event.id).picture)

        upload(api, event.id, organizer)

        assert seen == [None, None, None]
        assert services.events.get(event.id).picture is not None


class TestAtOnce:
    def test_of_two_uploads_one_stays_whole(
        self,
        services: Services,
        store: FakePictures,
        event: EventListing,
        organizer: Person,
    ) -> None:
        def put(colour: str) -> EventListing:
            return services.event_pictures.upload(
                event_id=event.id,
                organizer=organizer.user,
                content=photo(500, 300, colour=colour),
                alt=colour,
            )

        done = at_once([lambda: put("teal"), lambda: put("navy")])

        shown = services.events.get(event.id)
        assert (shown.picture, shown.picture_alt) in [
            (each.picture, each.picture_alt) for each in done
        ]
        assert shown.picture is not None
        assert all(size.name in store.files for size in shown.picture.sizes)

    @one_database
    def test_many_uploads_are_bounded_and_stop_nobody_else(
        self, services: Services, outside: Adapters, event: EventListing, organizer: Person
    ) -> None:
        drawer = PillowDrawer(wait_seconds=0.01)
        held = drawer._free.acquire()  # as if one took very long
        busy = replace(services.event_pictures, pictures=replace(services.pictures, drawer=drawer))
        app = app_of(parts_of(replace(services, event_pictures=busy), outside))
        with httpx.Client(transport=InProcess(app), base_url=SHOP, timeout=60) as api:
            with ThreadPoolExecutor(100) as threads:
                uploads = [
                    threads.submit(upload, api, event.id, organizer, photo(300, 300))
                    for _ in range(100)
                ]
                seen = [api.get(f"/events/{event.id}").status_code for _ in range(5)]
                codes = {code_of(each.result()) for each in uploads}

            assert held
            assert seen == [200] * 5
            assert codes == {(503, "busy")}
            drawer._free.release()
            assert upload(api, event.id, organizer).status_code == 200
