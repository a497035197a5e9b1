"""Settings: everything that may differ between two installations, read once at start."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Final, Self

from pydantic import AliasChoices, Field, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.config.fields import (
    SHORTEST_SECRET,
    ConfigurationError,
    Duration,
    Environment,
    OptionalSecret,
    OptionalText,
    is_database_url,
)
from app.config.groups import incomplete_groups
from app.domain.faults import FaultPoint

PAYSTACK_API: Final = "https://api.paystack.co"


class Settings(BaseSettings):
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
    database_url: OptionalText = Field(
        default=None,
        description="`postgresql://user:password@host/name` or `sqlite:///file`; absent: an SQLite "
        "file in `VAR_DIR`.",
    )
    database_pool_size: int = Field(
        default=10, ge=1, le=100, description="Database connections a worker process may open."
    )
    database_wait: Duration = Field(
        default=timedelta(seconds=5),
        description="How long a call waits for a connection or its turn to write.",
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
    apple_pass_certificate: Path | None = Field(
        default=None,
        description="Tickets for Apple Wallet: PEM file of the pass type's certificate. All five "
        "`APPLE_…` settings, or none.",
    )
    apple_pass_key: Path | None = Field(
        default=None,
        description="PEM file of that certificate's private key, which only its owner may read.",
    )
    apple_pass_wwdr: Path | None = Field(
        default=None,
        description="PEM file of Apple's certificate Worldwide Developer Relations.",
    )
    apple_pass_type_id: OptionalText = Field(
        default=None, description="The pass type's identifier, `pass.…`."
    )
    apple_team_id: OptionalText = Field(default=None, description="The team's identifier.")
    google_wallet_key_file: Path | None = Field(
        default=None,
        description="Tickets for Google Wallet: JSON key file of the service account, which only "
        "its owner may read. With `GOOGLE_WALLET_ISSUER_ID`, or neither.",
    )
    google_wallet_issuer_id: OptionalText = Field(
        default=None, pattern=r"^[0-9]+$", description="The issuer's number at Google."
    )
    access_token_life: Duration = Field(
        default=timedelta(minutes=30), description="How long an access token is valid."
    )
    refresh_token_life: Duration = Field(
        default=timedelta(days=30), description="How long a login lasts without being used."
    )
    login_attempts: int = Field(
        default=10, ge=1, description="Attempts to log in to one account within `LOGIN_WINDOW`."
    )
    login_window: Duration = Field(
        default=timedelta(minutes=15), description="After how long attempts are forgotten."
    )
    public_url: OptionalText = Field(
        default=None,
        validation_alias=AliasChoices("public_url", "render_external_url"),
        description="Address people reach the shop at, without a slash at the end. "
        "Render sets it by itself as `RENDER_EXTERNAL_URL`.",
    )
    hold_for: Duration = Field(
        default=timedelta(minutes=15), description="How long an unpaid order keeps its places."
    )
    offer_for: Duration = Field(
        default=timedelta(hours=2),
        description="How long freed places are kept for whoever is first on a waiting list.",
    )
    counts_stream_for: Duration = Field(
        default=timedelta(seconds=30),
        description="How long one call may watch who comes; it is then made again.",
    )
    idempotency_takeover: Duration = Field(
        default=timedelta(seconds=60),
        description="After how long an unanswered call under an `Idempotency-Key` is taken for "
        "dead, and whoever repeats it goes on with it. Longer than any call takes.",
    )
    default_currency: str = Field(
        default="NGN",
        pattern="^(GHS|KES|NGN|USD|XOF|ZAR)$",
        description="Of events that name none.",
    )
    default_time_zone: str = Field(
        default="Africa/Lagos", description="IANA zone of events that name none."
    )
    paystack_secret_key: OptionalSecret = Field(
        default=None, description="`sk_live_…`, or `sk_test_…` for trying out."
    )
    paystack_allow_test_key: bool = Field(
        default=False, description="Lets production start with a `sk_test_` key."
    )
    paystack_base_url: OptionalText = Field(
        default=None,
        description="Where Paystack's API is. Absent: the mock inside this process in the demo, "
        f"{PAYSTACK_API} in production.",
    )
    paystack_budget: Duration = Field(
        default=timedelta(seconds=8), description="Total time one call to Paystack may take."
    )
    paystack_calls_at_once: int = Field(
        default=10, ge=1, le=30, description="Calls to Paystack in flight at most, per process."
    )
    paystack_failures_to_open: int = Field(
        default=5, ge=1, description="Failures in a row after which Paystack is left alone."
    )
    paystack_rest: Duration = Field(
        default=timedelta(seconds=30), description="How long it is left alone before one probe."
    )
    smtp_url: OptionalSecret = Field(
        default=None,
        description="`smtp://user:password@host:587` or `smtps://…`; absent: files in "
        "`VAR_DIR/mail`.",
    )
    mail_sender: str = Field(
        default="Tickets <tickets@example.com>", description="Who mail comes from."
    )
    work_in_process: bool = Field(
        default=True,
        description="Whether this process also does the background work; if not, run "
        "`python -m app.cli work` beside it.",
    )
    pin_workers: bool = Field(
        default=False,
        description="Keep each worker process on a core of its own: more calls a second on a "
        "machine that does little else. Linux only.",
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
        if self.secret_key and len(self.secret_key.get_secret_value()) < SHORTEST_SECRET:
            problems.append(f"SECRET_KEY must have at least {SHORTEST_SECRET} characters.")
        if self.ticket_keys and self.ticket_keys_file:
            problems.append("Set TICKET_KEYS or TICKET_KEYS_FILE, not both.")
        if self.public_url and not re.fullmatch(r"https?://[^/\s]+(/[^\s]*)?", self.public_url):
            problems.append("PUBLIC_URL must start with http:// or https:// and name a host.")
        if self.database_url and not is_database_url(self.database_url):
            problems.append(
                "DATABASE_URL must be postgresql://USER:PASSWORD@HOST/NAME or sqlite:///FILE."
            )
        problems += incomplete_groups(self)
        if not self.is_demo:
            problems += self._production_problems()
        return problems

    def _production_problems(self) -> list[str]:
        problems = [*self._key_problems(), *self._paystack_problems()]
        if self.fault_point is not None:
            problems.append("FAULT_POINT kills the process; it must not be set in production.")
        if self.public_url is None:
            problems.append("Production needs PUBLIC_URL: the address people reach the shop at.")
        return problems

    def _key_problems(self) -> Iterator[str]:
        if self.secret_key is None:
            yield "Production needs SECRET_KEY: any 32 or more random characters."
        elif len(set(self.secret_key.get_secret_value())) < SHORTEST_SECRET // 4:
            yield "SECRET_KEY repeats itself too much; use random characters."
        if self.ticket_keys is None and self.ticket_keys_file is None:
            yield "Production needs TICKET_KEYS: any 32 or more random characters."

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
