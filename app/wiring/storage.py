"""Where the files of uploaded pictures and of prepared exports are kept, as the settings say."""

import weakref
from datetime import timedelta
from typing import Final

import httpx

from app.clients.paystack.bulkhead import Breaker, Bulkhead
from app.clients.storage.buckets import Bucket
from app.clients.storage.disk import DiskPictures
from app.clients.storage.private_files import DiskFiles
from app.clients.storage.s3 import S3Pictures
from app.clients.storage.s3_files import S3Files
from app.clients.storage.signatures import Signer
from app.config import Settings
from app.domain.ports import Clock, PictureStore, PrivateFiles

CALLS_AT_ONCE: Final = 10
"""To the storage, of a process and for one kind of files; more wait for a moment."""

QUEUE_FOR: Final = timedelta(seconds=2)


def picture_store(settings: Settings, clock: Clock) -> PictureStore:
    """Storage that speaks the S3 protocol if it is configured, else a folder."""
    bucket = _bucket(settings, clock, "pictures")
    if bucket is None:
        return DiskPictures(settings.pictures_folder or settings.var_dir / "pictures")
    return S3Pictures(bucket)


def private_files(settings: Settings, clock: Clock) -> PrivateFiles:
    """A folder if one is named or no storage is configured, else that."""
    bucket = None if settings.exports_folder else _bucket(settings, clock, "exports")
    if bucket is None:
        return DiskFiles(settings.exports_folder or settings.var_dir / "exports")
    return S3Files(bucket)


def _bucket(settings: Settings, clock: Clock, files: str) -> Bucket | None:
    """The storage with a breaker for these files alone; ``None``: none is configured."""
    address, secret = settings.s3_bucket_url, settings.s3_secret_key
    if address is None or secret is None or settings.s3_access_key is None:
        return None
    http = httpx.Client(
        limits=httpx.Limits(max_connections=CALLS_AT_ONCE, max_keepalive_connections=CALLS_AT_ONCE),
        follow_redirects=False,
    )
    bucket = Bucket(
        http=http,
        address=address,
        signer=Signer(
            access_key=settings.s3_access_key,
            secret_key=secret.get_secret_value(),
            region=settings.s3_region,
        ),
        bulkhead=Bulkhead(
            breaker=Breaker(name=files),
            max_in_flight=CALLS_AT_ONCE,
            queue_for=QUEUE_FOR,
            budget=settings.s3_budget,
        ),
        clock=clock,
    )
    # Its connections end with it: no thread is left that would close them.
    weakref.finalize(bucket, http.close)
    return bucket
