"""Uploaded pictures: their files are kept before anything names them, and cleaned up after."""

from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureService:
    """Keeps the files of pictures, and shows them."""

    database: Database
    clock: Clock
    drawer: PictureDrawer
    store: PictureStore

    def keep(self, content: bytes) -> Picture:
        """Draw an uploaded picture anew and keep its files; ``put`` then says where it is shown.

        Raises:
            PictureUnusable: it is no picture that can be shown.
            PicturesUnavailable: its files cannot be kept.
            Busy: too many pictures are being drawn, or the same one is being deleted.
        """
        return self._kept(self.drawer.draw(content))

    def keep_logo(self, content: bytes) -> Picture:
        """As ``keep``, for the logo of an organization."""
        return self._kept(self.drawer.draw_logo(content))

    def _kept(self, drawn: DrawnPicture) -> Picture:
        with self.database.writing() as work:
            if not work.pictures.expect(drawn.picture, now=self.clock.now()):
                raise Busy
        for name, file in drawn.files.items():
            self.store.save(name, file)
        return drawn.picture

    def put(self, work: UnitOfWork, picture: Picture | None, *, before: str | None) -> str | None:
        """The key to show from now on, in place of the one ``before``; ``None``: none.

        Raises:
            Busy: the picture's files are being deleted.
        """
        now = self.clock.now()
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
        return self.store.load(name) if FILE_NAME.fullmatch(name) else None

    def delete_unused(self) -> None:
        """Delete the files of pictures that nothing has shown for a day."""
        now = self.clock.now()
        with self.database.writing() as work:
            unused = work.pictures.begin_deleting(
                unused_since=now - KEEP_UNUSED_FOR,
                abandoned_since=now - DELETED_WITHIN,
                now=now,
                limit=MOST_AT_A_TIME,
            )
        for picture in unused:
            try:
                for size in picture.sizes:
                    self.store.delete(size.name)
            except PicturesUnavailable:
                log.warning("picture not deleted", key=picture.key)
                continue
            with self.database.writing() as work:
                work.pictures.forget(picture.key, begun_at=now)
