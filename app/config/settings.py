"""Settings: everything that may differ between two installations, read once at start."""

from collections.abc import Iterator
from pathlib import Path
from typing import Self

from pydantic import AliasChoices, Field, model_validator
from pydantic_settings import SettingsConfigDict

from app.config.accounts import AccountSettings
from app.config.database import DatabaseSettings
from app.config.door import DoorSettings
from app.config.fields import (
    SHORTEST_SECRET,
    ConfigurationError,
    Environment,
    OptionalSecret,
    WebAddress,
    is_database_url,
    is_web_address,
)
from app.config.mail import MailSettings
from app.config.paystack import PAYSTACK_API, PaystackSettings
from app.config.retention import RetentionSettings
from app.config.sales import SalesSettings
from app.config.secret_files import sealed_text
from app.config.strength import HOW_TO_MAKE, ticket_secrets, weaknesses
from app.config.wallets import WalletSettings, incomplete_groups
from app.config.web import PictureSettings, WebSettings
from app.domain.operations.faults import FaultPoint


class Settings(
    MailSettings,
    PaystackSettings,
    SalesSettings,
    DoorSettings,
    AccountSettings,
    WalletSettings,
    PictureSettings,
    WebSettings,
    DatabaseSettings,
    RetentionSettings,
):
    """The shop's settings, from environment variables of the same names or a file ``.env``.

    Lengths of time are seconds or ISO 8601 (``PT15M``).
    """

    model_config = SettingsConfigDict(
        env_file=".env",
        env_ignore_empty=True,
        frozen=True,
        extra="ignore",
        populate_by_name=True,
        # An error would print every setting with its value, secrets too.
        hide_input_in_errors=True,
    )

    environment: Environment = Field(
        default=Environment.DEMO, description="`demo` on a laptop, `production` for real money."
    )
    var_dir: Path = Field(
        default=Path("var"), description="Folder of the demo's database, secrets and mail."
    )
    secret_key: OptionalSecret = Field(
        default=None, description="Signs access tokens; at least 32 characters."
    )
    ticket_keys: OptionalSecret = Field(
        default=None,
        description="Sign ticket codes: `2:NEW SECRET,1:OLD SECRET`, each of 32 or more random "
        "characters without a comma. The first signs, all are read; a number belongs to one "
        "secret for ever. A bare secret is number 1, `1:pub:…` is read without its secret.",
    )
    ticket_keys_file: Path | None = Field(
        default=None, description="A file with the same, which only its owner may read."
    )
    public_url: WebAddress = Field(
        default=None,
        validation_alias=AliasChoices("public_url", "render_external_url"),
        description="Address people reach the shop at, with a path if it is below one, as in "
        "`https://example.com/shop`. Render sets it as `RENDER_EXTERNAL_URL`.",
    )
    work_in_process: bool = Field(
        default=True,
        description="Whether this process also does the background work; if not, run "
        "`python -m app.cli work` beside it.",
    )
    migrate_on_start: bool | None = Field(
        default=None, description="Bring the database up to date on start; default: in the demo."
    )
    fault_point: FaultPoint | None = Field(
        default=None,
        description="For trying out crashes: where the process kills itself. Not for production.",
    )
    log_level: str = Field(
        default="INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$", description="How much is logged."
    )
    log_json: bool | None = Field(
        default=None, description="One JSON object a line; default: in production."
    )

    @property
    def is_demo(self) -> bool:
        return self.environment == Environment.DEMO

    @property
    def uses_mock(self) -> bool:
        """Whether Paystack is simulated inside this process."""
        return self.is_demo and self.paystack_base_url is None

    @property
    def paystack_url(self) -> str:
        return (self.paystack_base_url or PAYSTACK_API).rstrip("/")

    @property
    def migrates_on_start(self) -> bool:
        return self.is_demo if self.migrate_on_start is None else self.migrate_on_start

    @property
    def logs_json(self) -> bool:
        return not self.is_demo if self.log_json is None else self.log_json

    @property
    def database(self) -> str:
        """The URL of the database to use."""
        return self.database_url or f"sqlite:///{self.var_dir / 'ticketing.sqlite3'}"

    @property
    def uses_sqlite(self) -> bool:
        return self.database.startswith("sqlite")

    @model_validator(mode="after")
    def _ensure_safe(self) -> Self:
        if problems := self._problems():
            raise ConfigurationError("\n".join(problems))
        return self

    def _problems(self) -> list[str]:
        problems = []
        if self.is_demo and 0 < len(self._secret()) < SHORTEST_SECRET:
            problems.append(f"SECRET_KEY must have at least {SHORTEST_SECRET} characters.")
        if self.ticket_keys and self.ticket_keys_file:
            problems.append("Set TICKET_KEYS or TICKET_KEYS_FILE, not both.")
        if self.public_url and not is_web_address(self.public_url):
            problems.append(
                "PUBLIC_URL must start with http:// or https:// and name a host, with a path if "
                "the shop is below one, and without user, query or fragment."
            )
        if self.database_url and not is_database_url(self.database_url):
            problems.append(
                "DATABASE_URL must be postgresql://USER:PASSWORD@HOST/NAME or sqlite:///FILE."
            )
        if not (
            self.database_statement_limit < self.database_idle_limit < self.database_answer_limit
        ):
            problems.append(
                "DATABASE_STATEMENT_LIMIT must be shorter than DATABASE_IDLE_LIMIT, and that "
                "shorter than DATABASE_ANSWER_LIMIT."
            )
        problems += [
            f"CORS_ORIGINS: {origin} is no origin such as https://example.com."
            for origin in self.wrong_origins()
        ]
        problems += incomplete_groups(self)
        problems += self.picture_problems(is_demo=self.is_demo)
        if not self.is_demo:
            problems += self._production_problems()
        return problems

    def _production_problems(self) -> list[str]:
        problems = [*self._key_problems(), *self._paystack_problems()]
        if self.fault_point is not None:
            problems.append("FAULT_POINT kills the process; it must not be set in production.")
        if self.public_url is None:
            problems.append("Production needs PUBLIC_URL: the address people reach the shop at.")
        elif not self.public_url.startswith("https://"):
            problems.append(
                "PUBLIC_URL must start with https:// in production: passwords travel on it."
            )
        return problems

    def _key_problems(self) -> Iterator[str]:
        if self.secret_key is None:
            yield f"Production needs SECRET_KEY; {HOW_TO_MAKE}."
        keys = self._written_ticket_keys()
        if keys is None:
            yield f"Production needs TICKET_KEYS; {HOW_TO_MAKE}."
        secrets = dict(ticket_secrets(keys or ""))
        if self.secret_key is not None:
            secrets = {"SECRET_KEY": self._secret(), **secrets}
        yield from weaknesses(secrets)

    def _secret(self) -> str:
        return self.secret_key.get_secret_value() if self.secret_key else ""

    def _written_ticket_keys(self) -> str | None:
        if self.ticket_keys is not None:
            return self.ticket_keys.get_secret_value()
        return sealed_text(self.ticket_keys_file) if self.ticket_keys_file else None

    def _paystack_problems(self) -> Iterator[str]:
        key = self.paystack_secret_key.get_secret_value() if self.paystack_secret_key else ""
        if not key.startswith(("sk_live_", "sk_test_")) or len(key) < len("sk_live_") + 16:
            yield "Production needs PAYSTACK_SECRET_KEY: your key, sk_live_…."
        elif key.startswith("sk_test_") and not self.paystack_allow_test_key:
            yield (
                "PAYSTACK_SECRET_KEY is a test key, which takes no money. "
                "Set PAYSTACK_ALLOW_TEST_KEY=true if that is what you want."
            )
        if self.paystack_base_url and not self.paystack_base_url.startswith("https://"):
            yield "PAYSTACK_BASE_URL must start with https:// in production."
