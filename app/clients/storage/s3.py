"""Files of pictures in storage that speaks the S3 protocol."""

from typing import Final

from app.clients.storage.buckets import Bucket, refusing
from app.domain.errors import PicturesUnavailable

_CACHED: Final = "public, max-age=31536000, immutable"


class S3Pictures:
    """Keeps files in a bucket; see ``PictureStore``."""

    def __init__(self, bucket: Bucket) -> None:
        self._bucket = bucket

    def save(self, name: str, content: bytes) -> None:
        """Keep a file.

        Raises:
            PicturesUnavailable: the storage did not take it.
        """
        with refusing(PicturesUnavailable):
            self._bucket.put(name, content, kind="image/jpeg", cached=_CACHED)

    def load(self, name: str) -> bytes | None:
        """The content of a file; ``None``: there is none of this name.

        Raises:
            PicturesUnavailable: the storage did not answer.
        """
        with refusing(PicturesUnavailable):
            return self._bucket.get(name)

    def delete(self, name: str) -> None:
        """Delete a file, if it is there.

        Raises:
            PicturesUnavailable: the storage did not do it.
        """
        with refusing(PicturesUnavailable):
            self._bucket.delete(name)
