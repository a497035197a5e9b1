"""Files of pictures that nothing shows any more are deleted, and those that are shown never."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.domain.errors import Busy, EventNotFound, PicturesUnavailable
from app.domain.listings import EventListing
from app.domain.states import Role
from app.http.services import Services
from app.models.events.pictures import KeptPicture
from app.models.users.users import User
from app.repositories.database import Database
from app.services.events.pictures import DELETED_WITHIN, KEEP_UNUSED_FOR
from app.wiring.adapters import Adapters
from tests.support.factories import Factory
from tests.support.fakes import FakeClock, FakePictures, Killed
from tests.support.pictures import photo
from tests.support.racing import at_once

LATER = KEEP_UNUSED_FOR + timedelta(seconds=1)


@pytest.fixture
def organizer(make: Factory) -> User:
    return make.user(role=Role.ORGANIZER)


@pytest.fixture
def event(make: Factory, organizer: User) -> EventListing:
    return make.event(organizer=organizer)


@pytest.fixture
def store(outside: Adapters) -> FakePictures:
    assert isinstance(outside.picture_store, FakePictures)
    return outside.picture_store


class Uploads:
    def __init__(self, services: Services, event: EventListing, organizer: User) -> None:
        self._services = services
        self._event = event
        self._organizer = organizer

    def __call__(self, colour: str = "teal", *, event: EventListing | None = None) -> EventListing:
        return self._services.event_pictures.upload(
            event_id=(event or self._event).id,
            organizer=self._organizer,
            content=photo(300, 300, colour=colour),
            alt=None,
        )

    def remove(self) -> EventListing:
        return self._services.event_pictures.remove(
            event_id=self._event.id, organizer=self._organizer
        )


@pytest.fixture
def upload(services: Services, event: EventListing, organizer: User) -> Uploads:
    return Uploads(services, event, organizer)


def keys_of(database: Database) -> set[str]:
    with database.connection() as connection:
        return set(connection.execute(select(KeptPicture.key)).scalars())


class TestDeleteUnused:
    def test_deletes_what_was_replaced_a_day_ago(
        self,
        services: Services,
        database: Database,
        clock: FakeClock,
        store: FakePictures,
        upload: Uploads,
    ) -> None:
        before, after = upload("teal"), upload("navy")
        assert before.picture is not None
        assert after.picture is not None

        services.pictures.delete_unused()
        assert len(store.files) == 2

        clock.advance(LATER)
        services.pictures.delete_unused()
        assert list(store.files) == [size.name for size in after.picture.sizes]
        assert keys_of(database) == {after.picture.key}

    def test_never_deletes_what_is_shown(
        self, services: Services, clock: FakeClock, store: FakePictures, upload: Uploads
    ) -> None:
        upload()
        clock.advance(timedelta(days=400))

        services.pictures.delete_unused()

        assert store.files

    def test_keeps_what_another_event_shows(
        self,
        services: Services,
        make: Factory,
        organizer: User,
        clock: FakeClock,
        store: FakePictures,
        upload: Uploads,
    ) -> None:
        upload()
        upload(event=make.event(organizer=organizer))
        upload.remove()
        clock.advance(LATER)

        services.pictures.delete_unused()

        assert len(store.files) == 1

    def test_counts_the_day_from_when_it_was_taken_away(
        self, services: Services, clock: FakeClock, store: FakePictures, upload: Uploads
    ) -> None:
        upload()
        clock.advance(LATER)
        upload.remove()

        services.pictures.delete_unused()
        assert store.files
        clock.advance(LATER)
        services.pictures.delete_unused()
        assert not store.files

    def test_deletes_what_a_crash_left_behind(
        self,
        services: Services,
        database: Database,
        clock: FakeClock,
        store: FakePictures,
        upload: Uploads,
    ) -> None:
        def die() -> None:
            raise Killed

        store.after_save = die
        with pytest.raises(Killed):
            upload()
        store.after_save = None
        assert store.files
        clock.advance(LATER)

        services.pictures.delete_unused()

        assert not store.files
        assert not keys_of(database)

    def test_deletes_with_the_event(
        self,
        services: Services,
        event: EventListing,
        organizer: User,
        clock: FakeClock,
        store: FakePictures,
        upload: Uploads,
    ) -> None:
        upload()
        services.events.delete(event_id=event.id, organizer=organizer)
        clock.advance(LATER)

        services.pictures.delete_unused()

        assert not store.files

    def test_goes_on_where_the_store_failed(
        self,
        services: Services,
        database: Database,
        clock: FakeClock,
        store: FakePictures,
        upload: Uploads,
    ) -> None:
        upload()
        upload.remove()
        clock.advance(LATER)
        store.failure = PicturesUnavailable()
        services.pictures.delete_unused()
        assert keys_of(database)

        store.failure = None
        services.pictures.delete_unused()
        assert store.files, "who began is given its time"
        clock.advance(DELETED_WITHIN + timedelta(seconds=1))
        services.pictures.delete_unused()

        assert not store.files
        assert not keys_of(database)

    def test_refuses_the_same_picture_while_its_files_are_deleted(
        self,
        services: Services,
        clock: FakeClock,
        store: FakePictures,
        upload: Uploads,
    ) -> None:
        upload()
        upload.remove()
        clock.advance(LATER)
        store.failure = PicturesUnavailable()
        services.pictures.delete_unused()
        store.failure = None

        with pytest.raises(Busy):
            upload()

        clock.advance(DELETED_WITHIN + timedelta(seconds=1))
        services.pictures.delete_unused()
        assert upload().picture is not None
        assert store.files

    def test_beside_uploads_of_the_same_picture_loses_none(
        self,
        services: Services,
        clock: FakeClock,
        store: FakePictures,
        upload: Uploads,
    ) -> None:
        for _ in range(5):
            upload()
            upload.remove()
            clock.advance(LATER)

            def put() -> bool:
                try:
                    upload()
                except Busy:
                    return False
                return True

            def clean_up() -> bool:
                services.pictures.delete_unused()
                return True

            done, _ = at_once([put, clean_up])

            shown = upload() if not done else upload("teal")
            assert shown.picture is not None
            assert all(size.name in store.files for size in shown.picture.sizes)


class TestUpload:
    def test_for_an_event_that_is_deleted_meanwhile_is_refused(
        self,
        services: Services,
        event: EventListing,
        organizer: User,
        clock: FakeClock,
        store: FakePictures,
        upload: Uploads,
    ) -> None:
        store.after_save = lambda: services.events.delete(event_id=event.id, organizer=organizer)

        with pytest.raises(EventNotFound):
            upload()

        clock.advance(LATER)
        services.pictures.delete_unused()
        assert not store.files
