"""Settings of the web: the language of pages, who else may call, and uploaded pictures."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings

from app.config.fields import Duration, OptionalSecret, OptionalText, WebAddress, is_web_address
from app.domain.languages import Language


class WebSettings(BaseSettings):
    """Settings of the web: the language of pages, and who else may call from a browser."""

    default_language: Language = Field(
        default=Language.ENGLISH,
        description="Language of pages and mails for people who chose none and whose browser asks "
        "for none we have: `en` or `fr`.",
    )
    cors_origins: OptionalText = Field(
        default=None,
        description="Sites whose pages may call the API from a browser, with commas between: "
        "`https://a.example,https://b.example`, or `*` for any. Absent: none.",
    )

    @property
    def allowed_origins(self) -> tuple[str, ...]:
        """The origins, one by one."""
        written = (self.cors_origins or "").split(",")
        return tuple(origin.strip().rstrip("/") for origin in written if origin.strip())

    def wrong_origins(self) -> list[str]:
        """Those that are neither ``*`` nor a scheme and a host."""
        return [
            origin
            for origin in self.allowed_origins
            if origin != "*" and not (is_web_address(origin) and origin.count("/") == 2)
        ]


class PictureSettings(BaseSettings):
    """Settings of uploaded pictures: how large, and where their files are kept."""

    picture_bytes: int = Field(
        default=10 * 1024 * 1024,
        ge=100_000,
        le=100_000_000,
        description="Bytes an uploaded picture may have at most.",
    )
    upload_grace: Duration = Field(
        default=timedelta(seconds=15),
        description="How long an upload may lag behind 64 KiB a second before it is refused.",
    )
    pictures_folder: Path | None = Field(
        default=None,
        description="Folder of the files of uploaded pictures, which all processes of the shop "
        "share; absent: `pictures` in `VAR_DIR`. Not used with `S3_BUCKET_URL`.",
    )
    s3_bucket_url: WebAddress = Field(
        default=None,
        description="Keep uploaded pictures, and prepared exports unless `EXPORTS_FOLDER` is "
        "set, in storage that speaks the S3 protocol: address of the bucket, as in "
        "`https://s3.eu-west-1.amazonaws.com/my-shop`. With `S3_ACCESS_KEY` and "
        "`S3_SECRET_KEY`, or none of the three.",
    )
    s3_region: str = Field(
        default="us-east-1", pattern="^[a-z0-9-]{1,40}$", description="Region of the bucket."
    )
    s3_access_key: OptionalText = Field(
        default=None, description="Id of a key that may read, write, delete and list in the bucket."
    )
    s3_secret_key: OptionalSecret = Field(default=None, description="The secret of that key.")
    s3_budget: Duration = Field(
        default=timedelta(seconds=5), description="Total time one call to the storage may take."
    )

    def picture_problems(self, *, is_demo: bool) -> Iterator[str]:
        """What is wrong with where pictures are to be kept."""
        given = (self.s3_bucket_url, self.s3_access_key, self.s3_secret_key)
        if any(given) and not all(given):
            yield "Set all of S3_BUCKET_URL, S3_ACCESS_KEY and S3_SECRET_KEY, or none of them."
        if self.s3_bucket_url is None:
            return
        if not is_web_address(self.s3_bucket_url):
            yield (
                "S3_BUCKET_URL must start with http:// or https:// and name a host and the bucket, "
                "without user, query or fragment."
            )
        elif not is_demo and not self.s3_bucket_url.startswith("https://"):
            yield "S3_BUCKET_URL must start with https:// in production."
