"""Files of logos that nothing shows any more are deleted, and those that are shown never."""

from datetime import timedelta

import pytest

from app.domain.errors import Busy
from app.domain.pictures import Picture
from app.http.services import Services
from app.services.events.pictures import KEEP_UNUSED_FOR
from app.wiring.adapters import Adapters
from tests.steps.organizations import Band
from tests.support.factories import Factory
from tests.support.fakes import FakeClock, FakePictures
from tests.support.pictures import photo
from tests.support.racing import at_once

LATER = KEEP_UNUSED_FOR + timedelta(seconds=1)


@pytest.fixture
def band(services: Services, make: Factory) -> Band:
    return Band(services, make)


@pytest.fixture
def store(outside: Adapters) -> FakePictures:
    assert isinstance(outside.picture_store, FakePictures)
    return outside.picture_store


def put(services: Services, band: Band, colour: str = "teal") -> Picture:
    found = services.organizations.upload_logo(
        organization_id=band.id, owner=band.owner, content=photo(300, 300, colour=colour)
    )
    assert found.logo is not None
    return found.logo


class TestDeleteUnused:
    def test_keeps_what_is_shown_and_deletes_what_was_replaced_a_day_ago(
        self, services: Services, clock: FakeClock, store: FakePictures, band: Band
    ) -> None:
        put(services, band, "navy")
        shown = put(services, band)
        assert len(store.files) == 2
        clock.advance(LATER)

        services.pictures.delete_unused()

        assert list(store.files) == [shown.largest.name]
        clock.advance(timedelta(days=400))
        services.pictures.delete_unused()
        assert list(store.files) == [shown.largest.name]

    def test_deletes_what_was_taken_away(
        self, services: Services, clock: FakeClock, store: FakePictures, band: Band
    ) -> None:
        put(services, band)
        services.organizations.remove_logo(organization_id=band.id, owner=band.owner)
        clock.advance(LATER)

        services.pictures.delete_unused()

        assert not store.files

    def test_keeps_the_file_that_another_organization_shows(
        self,
        services: Services,
        make: Factory,
        clock: FakeClock,
        store: FakePictures,
        band: Band,
    ) -> None:
        other = Band(services, make, owner=make.user())
        assert put(services, band) == put(services, other)
        services.organizations.delete(owner=band.owner, organization_id=band.id)
        clock.advance(LATER)

        services.pictures.delete_unused()

        assert len(store.files) == 1

    def test_beside_uploads_of_the_same_logo_loses_none(
        self, services: Services, clock: FakeClock, store: FakePictures, band: Band
    ) -> None:
        for _ in range(5):
            put(services, band)
            services.organizations.remove_logo(organization_id=band.id, owner=band.owner)
            clock.advance(LATER)

            def upload() -> bool:
                try:
                    put(services, band)
                except Busy:
                    return False
                return True

            def clean_up() -> bool:
                services.pictures.delete_unused()
                return True

            at_once([upload, clean_up])

            assert put(services, band).largest.name in store.files
