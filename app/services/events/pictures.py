"""Uploaded pictures: their files are kept before anything names them, and cleaned up after."""

from datetime import timedelta
from typing import Final

import structlog

from app.domain.errors import Busy, PicturesUnavailable
from app.domain.pictures import FILE_NAME, DrawnPicture, Picture
from app.domain.ports import Clock, PictureDrawer, PictureStore
from app.repositories.database import Database
from app.repositories.unit_of_work import UnitOfWork

log = structlog.get_logger(__name__)

KEEP_UNUSED_FOR: Final = timedelta(days=1)
"""How long the files of a picture are kept that nothing shows; longer than any upload takes."""

DELETED_WITHIN: Final = timedelta(minutes=10)
"""After that, who began to delete files is taken for dead."""

MOST_AT_A_TIME: Final = 100


class PictureService:
    """Keeps the files of pictures, and shows them."""

    def __init__(
        self, *, database: Database, clock: Clock, drawer: PictureDrawer, store: PictureStore
    ) -> None:
        self._database = database
        self._clock = clock
        self._drawer = drawer
        self._store = store

    def keep(self, content: bytes) -> Picture:
        """Draw an uploaded picture anew and keep its files; ``put`` then says where it is shown.

        Raises:
            PictureUnusable: it is no picture that can be shown.
            PicturesUnavailable: its files cannot be kept.
            Busy: too many pictures are being drawn, or the same one is being deleted.
        """
        return self._kept(self._drawer.draw(content))

    def keep_logo(self, content: bytes) -> Picture:
        """As ``keep``, for the logo of an organization."""
        return self._kept(self._drawer.draw_logo(content))

    def _kept(self, drawn: DrawnPicture) -> Picture:
        with self._database.writing() as work:
            if not work.pictures.expect(drawn.picture, now=self._clock.now()):
                raise Busy
        for name, file in drawn.files.items():
            self._store.save(name, file)
        return drawn.picture

    def put(self, work: UnitOfWork, picture: Picture | None, *, before: str | None) -> str | None:
        """The key to show from now on, in place of the one ``before``; ``None``: none.

        Raises:
            Busy: the picture's files are being deleted.
        """
        now = self._clock.now()
        if before is not None:
            work.pictures.use(before, now=now)
        if picture is None:
            return None
        if not work.pictures.use(picture.key, now=now):
            raise Busy
        return picture.key

    def file(self, name: str) -> bytes | None:
        """The content of a picture's file; ``None``: there is none of this name.

        Raises:
            PicturesUnavailable: it cannot be read now.
        """
        return self._store.load(name) if FILE_NAME.fullmatch(name) else None

    def delete_unused(self) -> None:
        """Delete the files of pictures that nothing has shown for a day."""
        now = self._clock.now()
        with self._database.writing() as work:
            unused = work.pictures.begin_deleting(
                unused_since=now - KEEP_UNUSED_FOR,
                abandoned_since=now - DELETED_WITHIN,
                now=now,
                limit=MOST_AT_A_TIME,
            )
        for picture in unused:
            try:
                for size in picture.sizes:
                    self._store.delete(size.name)
            except PicturesUnavailable:
                log.warning("picture not deleted", key=picture.key)
                continue
            with self._database.writing() as work:
                work.pictures.forget(picture.key, begun_at=now)
