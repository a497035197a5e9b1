"""Files that the shop keeps: pictures that organizers upload, and what only the shop reads."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Protocol

from app.domain.pictures import DrawnPicture


class PrivateFiles(Protocol):
    """Keeps files by their names. Nothing leads to them but the shop's own code."""

    def save(self, name: str, pieces: Iterable[bytes]) -> int:
        """Keep a file, whole or not at all, and tell how many bytes it has.

        What the pieces raise ends it, and comes through.

        Raises:
            FilesUnavailable: it cannot be kept now.
        """
        ...

    def load(self, name: str) -> Iterator[bytes]:
        """The file, piece by piece.

        Raises:
            FilesUnavailable: there is none of this name, or it cannot be read now.
        """
        ...

    def delete(self, name: str) -> None:
        """Delete a file, if it is there.

        Raises:
            FilesUnavailable: it cannot be deleted now.
        """
        ...

    def names(self, *, before: datetime) -> Iterator[str]:
        """Names of the files that were written before then, those left half-written among them.

        Raises:
            FilesUnavailable: they cannot be listed now.
        """
        ...


class PictureDrawer(Protocol):
    """Draws an uploaded picture anew: what comes out has nothing of the file but what it shows."""

    def draw(self, content: bytes) -> DrawnPicture:
        """The picture in several widths, upright, without metadata; the same each time.

        Raises:
            PictureUnusable: it is no picture of a known kind, or one that cannot be shown.
            Busy: too many pictures are being drawn.
        """
        ...

    def draw_logo(self, content: bytes) -> DrawnPicture:
        """The picture as a logo: one small file that keeps what is clear; else as ``draw``.

        Raises:
            PictureUnusable: it is no picture of a known kind, or one that cannot be shown.
            Busy: too many pictures are being drawn.
        """
        ...


class PictureStore(Protocol):
    """Keeps the files of pictures, by their names."""

    def save(self, name: str, content: bytes) -> None:
        """Keep a file; when this returns it outlives a power cut.

        Raises:
            PicturesUnavailable: it cannot be kept now.
        """
        ...

    def load(self, name: str) -> bytes | None:
        """The content of a file; ``None``: there is none of this name.

        Raises:
            PicturesUnavailable: it cannot be read now.
        """
        ...

    def delete(self, name: str) -> None:
        """Delete a file; one that is gone already is no mistake.

        Raises:
            PicturesUnavailable: it cannot be deleted now.
        """
        ...
