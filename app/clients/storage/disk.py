"""Files of pictures in a folder, which all processes of the shop share."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

import structlog

from app.domain.errors import PicturesUnavailable, Unavailable

log = structlog.get_logger(__name__)


class DiskPictures:
    """Keeps each file below the folder, under the first letters of its name; see ``PictureStore``.

    Args:
        folder: made with the first file.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def save(self, name: str, content: bytes) -> None:
        """Keep a file: whole, or not at all.

        Raises:
            PicturesUnavailable: the folder cannot be written, or the disk is full.
        """
        file = self._place(name)
        with refusing(PicturesUnavailable, "save", name):
            file.parent.mkdir(parents=True, exist_ok=True)
            with written_whole(file) as draft:
                draft.write(content)
            _keep_entries(file.parent)

    def load(self, name: str) -> bytes | None:
        """The content of a file; ``None``: there is none of this name.

        Raises:
            PicturesUnavailable: it cannot be read.
        """
        with refusing(PicturesUnavailable, "load", name):
            try:
                return self._place(name).read_bytes()
            except FileNotFoundError:
                return None

    def delete(self, name: str) -> None:
        """Delete a file, if it is there.

        Raises:
            PicturesUnavailable: it cannot be deleted.
        """
        with refusing(PicturesUnavailable, "delete", name):
            self._place(name).unlink(missing_ok=True)

    def _place(self, name: str) -> Path:
        return self._folder / name[:2] / name


def _keep_entries(folder: Path) -> None:
    """Have the names in the folder outlive a power cut, where the system can do that."""
    if hasattr(os, "O_DIRECTORY"):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def written_whole(file: Path) -> Iterator[IO[bytes]]:
    """A draft that becomes the file at the end; of one that is broken off nothing stays."""
    with NamedTemporaryFile(dir=file.parent, prefix=".", delete=False) as draft:
        try:
            yield draft
            draft.flush()
            os.fsync(draft.fileno())
            Path(draft.name).replace(file)
        except BaseException:
            Path(draft.name).unlink(missing_ok=True)
            raise


@contextmanager
def refusing(refusal: type[Unavailable], action: str, name: str) -> Iterator[None]:
    """Have what the system refuses end as this refusal."""
    try:
        yield
    except OSError as error:
        log.warning("storage failed", action=action, name=name, reason=error.strerror)
        raise refusal from error
