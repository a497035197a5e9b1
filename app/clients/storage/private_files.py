"""Private files in a folder, which all processes of the shop share."""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import BinaryIO, Final

import structlog

from app.domain.errors import FilesUnavailable

log = structlog.get_logger(__name__)

PIECE: Final = 256 * 1024
"""Bytes read at a time."""


class DiskFiles:
    """Keeps each file in the folder, for its owner's eyes only; see ``PrivateFiles``.

    Args:
        folder: made with the first file.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def save(self, name: str, pieces: Iterable[bytes]) -> int:
        """Keep a file, whole or not at all, and tell how many bytes it has.

        Raises:
            FilesUnavailable: the folder cannot be written, or the disk is full.
        """
        with _refusing("save", name):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with NamedTemporaryFile(dir=self._folder, prefix=".", delete=False) as draft:
                try:
                    for piece in pieces:
                        draft.write(piece)
                    draft.flush()
                    os.fsync(draft.fileno())
                    size = draft.tell()
                    Path(draft.name).replace(self._place(name))
                except BaseException:
                    Path(draft.name).unlink(missing_ok=True)
                    raise
            return size

    def load(self, name: str) -> Iterator[bytes]:
        """The file, piece by piece; it is found before this returns.

        Raises:
            FilesUnavailable: there is none of this name, or it cannot be read.
        """
        with _refusing("load", name):
            file = self._place(name).open("rb")
        return _read(file)

    def delete(self, name: str) -> None:
        """Delete a file, if it is there.

        Raises:
            FilesUnavailable: it cannot be deleted.
        """
        with _refusing("delete", name):
            self._place(name).unlink(missing_ok=True)

    def names(self, *, before: datetime) -> Iterator[str]:
        """Names of the files that were written before then, drafts of the dead among them.

        Raises:
            FilesUnavailable: the folder cannot be read.
        """
        with _refusing("list", str(self._folder)):
            try:
                entries = list(os.scandir(self._folder))
            except FileNotFoundError:
                return
            for entry in entries:
                if datetime.fromtimestamp(entry.stat().st_mtime, tz=UTC) < before:
                    yield entry.name

    def _place(self, name: str) -> Path:
        ensure_file_name(name)
        return self._folder / name


def ensure_file_name(name: str) -> None:
    """Check that a name leads to no other place.

    Raises:
        ValueError: it does.
    """
    if name in ("", "..") or Path(name).name != name:
        raise ValueError(f"{name!r} is no name of a file")


def _read(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while piece := file.read(PIECE):
            yield piece


@contextmanager
def _refusing(action: str, name: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        log.warning("private files failed", action=action, name=name, reason=error.strerror)
        raise FilesUnavailable from error
