"""Settings of retention: how long is kept what is not needed any more."""

from datetime import timedelta
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings

from app.config.fields import Duration


class RetentionSettings(BaseSettings):
    """Settings of retention: how long is kept what is not needed any more."""

    keep_webhooks_for: Duration = Field(
        default=timedelta(days=30),
        description="How long it is known which webhooks came; Paystack repeats for three days.",
    )
    keep_messages_for: Duration = Field(
        default=timedelta(days=90),
        description="How long it is known which mails were sent. Those with tickets are kept with "
        "their order.",
    )
    keep_logins_for: Duration = Field(
        default=timedelta(days=7),
        description="How long a login is kept after the last of its refresh tokens is gone.",
    )
    keep_exports_for: Duration = Field(
        default=timedelta(days=7),
        description="How long a prepared export can be downloaded before it is deleted.",
    )
    exports_folder: Path | None = Field(
        default=None,
        description="Folder of prepared exports, which all processes of the shop share; absent: "
        "the storage of `S3_BUCKET_URL` if there is one, else `exports` in `VAR_DIR`.",
    )
    keep_offers_for: Duration = Field(
        default=timedelta(days=90),
        description="How long after an event is kept whom tickets were offered to, who waited, "
        "what was noted on its orders, and what was written to those who held tickets.",
    )
    keep_admin_actions_for: Duration = Field(
        default=timedelta(days=730),
        description="How long it is known what admins looked up and changed, and why.",
    )
