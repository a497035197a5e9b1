"""Private files in a folder, which all processes of the shop share."""

import os
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Final

from app.clients.storage.disk import refusing, written_whole
from app.domain.errors import FilesUnavailable

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
        with refusing(FilesUnavailable, "save", name):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with written_whole(self._place(name)) as draft:
                for piece in pieces:
                    draft.write(piece)
                return draft.tell()

    def load(self, name: str) -> Iterator[bytes]:
        """The file, piece by piece; it is found before this returns.

        Raises:
            FilesUnavailable: there is none of this name, or it cannot be read.
        """
        with refusing(FilesUnavailable, "load", name):
            file = self._place(name).open("rb")
        return _read(file)

    def delete(self, name: str) -> None:
        """Delete a file, if it is there.

        Raises:
            FilesUnavailable: it cannot be deleted.
        """
        with refusing(FilesUnavailable, "delete", name):
            self._place(name).unlink(missing_ok=True)

    def names(self, *, before: datetime) -> Iterator[str]:
        """Names of the files that were written before then, drafts of the dead among them.

        Raises:
            FilesUnavailable: the folder cannot be read.
        """
        with refusing(FilesUnavailable, "list", str(self._folder)):
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
