"""Where the files of uploaded pictures are kept, as the settings say."""

import weakref
from datetime import timedelta
from typing import Final

import httpx

from app.clients.paystack.bulkhead import Breaker, Bulkhead
from app.clients.storage.disk import DiskPictures
from app.clients.storage.s3 import S3Pictures
from app.clients.storage.signatures import Signer
from app.config import Settings
from app.domain.ports import Clock, PictureStore

CALLS_AT_ONCE: Final = 10
"""To the storage, of a process; more wait for a moment."""

QUEUE_FOR: Final = timedelta(seconds=2)


def picture_store(settings: Settings, clock: Clock) -> PictureStore:
    """Storage that speaks the S3 protocol if it is configured, else a folder."""
    address, secret = settings.s3_bucket_url, settings.s3_secret_key
    if address is None or secret is None or settings.s3_access_key is None:
        return DiskPictures(settings.pictures_folder or settings.var_dir / "pictures")
    http = httpx.Client(
        limits=httpx.Limits(max_connections=CALLS_AT_ONCE, max_keepalive_connections=CALLS_AT_ONCE),
        follow_redirects=False,
    )
    store = S3Pictures(
        http=http,
        address=address,
        signer=Signer(
            access_key=settings.s3_access_key,
            secret_key=secret.get_secret_value(),
            region=settings.s3_region,
        ),
        bulkhead=Bulkhead(
            breaker=Breaker(name="pictures"),
            max_in_flight=CALLS_AT_ONCE,
            queue_for=QUEUE_FOR,
            budget=settings.s3_budget,
        ),
        clock=clock,
    )
    # Its connections end with it: no thread is left that would close them.
    weakref.finalize(store, http.close)
    return store
