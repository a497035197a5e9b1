"""Settings of the web: the language of pages, and who else may call from a browser."""

from pydantic import Field
from pydantic_settings import BaseSettings

from app.config.fields import OptionalText, is_web_address
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
