"""Private files in storage that speaks the S3 protocol, which all hosts of the shop share."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from typing import Final

from app.clients.storage.buckets import Bucket, StorageFailed, refusing
from app.clients.storage.private_files import ensure_file_name
from app.domain.errors import FilesUnavailable

FOLDER: Final = "exports/"
"""What the names of all files begin with in the bucket, where pictures may lie beside them."""

PART: Final = 1024 * 1024
"""Bytes of a part. Each is a call of its own, so that a file of any size passes through little
memory, and each keeps to the time that a call may take."""


class S3Files:
    """Keeps each file in parts, of which the last one is shorter; see ``PrivateFiles``."""

    def __init__(self, bucket: Bucket) -> None:
        self._bucket = bucket

    def save(self, name: str, pieces: Iterable[bytes]) -> int:
        """Keep a file and tell how many bytes it has. Of one that is broken off nothing stays.

        Raises:
            FilesUnavailable: the storage did not take it.
        """
        ensure_file_name(name)
        part, parts = bytearray(), 0
        try:
            with refusing(FilesUnavailable):
                for piece in pieces:
                    part += piece
                    while len(part) >= PART:
                        self._put(name, parts, bytes(part[:PART]))
                        parts += 1
                        del part[:PART]
                self._put(name, parts, bytes(part))
        except BaseException:
            with suppress(StorageFailed):
                self._drop(name, parts + 1)
            raise
        return parts * PART + len(part)

    def load(self, name: str) -> Iterator[bytes]:
        """The file, piece by piece; its first one is here before this returns.

        Raises:
            FilesUnavailable: there is none of this name, or the storage did not answer.
        """
        ensure_file_name(name)
        return self._behind(name, self._part(name, 0))

    def delete(self, name: str) -> None:
        """Delete a file, if it is there: the last part first, so that the others are found again.

        Raises:
            FilesUnavailable: the storage did not do it.
        """
        ensure_file_name(name)
        with refusing(FilesUnavailable):
            parts = 0
            while self._bucket.length_of(_part_name(name, parts)) == PART:
                parts += 1
            self._drop(name, parts + 1)

    def names(self, *, before: datetime) -> Iterator[str]:
        """Names of the files whose last part was written before then, half-written ones too.

        Raises:
            FilesUnavailable: the storage did not list them.
        """
        written: dict[str, datetime] = {}
        with refusing(FilesUnavailable):
            for key, at in self._bucket.names(FOLDER):
                name = key.removeprefix(FOLDER).rpartition("/")[0]
                written[name] = max(at, written.get(name, at))
        for name, at in written.items():
            if at < before:
                yield name

    def _put(self, name: str, number: int, content: bytes) -> None:
        kind = "application/octet-stream"
        self._bucket.put(_part_name(name, number), content, kind=kind, cached="no-store")

    def _drop(self, name: str, parts: int) -> None:
        for number in reversed(range(parts)):
            self._bucket.delete(_part_name(name, number))

    def _behind(self, name: str, piece: bytes) -> Iterator[bytes]:
        """This piece and those behind it."""
        number = 0
        yield piece
        while len(piece) == PART:
            number += 1
            piece = self._part(name, number)
            yield piece

    def _part(self, name: str, number: int) -> bytes:
        with refusing(FilesUnavailable):
            found = self._bucket.get(_part_name(name, number))
        if found is None:
            raise FilesUnavailable
        return found


def _part_name(name: str, number: int) -> str:
    return f"{FOLDER}{name}/{number:06}"
