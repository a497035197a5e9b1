"""What can be set about the simulator."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


def _seconds_or_iso(value: object) -> object:
    """Read a bare number as seconds; leave ISO 8601 durations to pydantic."""
    if isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            return value
    return value


Duration = Annotated[timedelta, BeforeValidator(_seconds_or_iso)]


class MockSettings(BaseSettings):
    """Read from ``PAYSTACK_MOCK_*``; durations are seconds or ISO 8601."""

    model_config = SettingsConfigDict(
        env_prefix="PAYSTACK_MOCK_", frozen=True, env_ignore_empty=True, populate_by_name=True
    )

    store: Path = Field(
        default=Path("var/paystack_mock.sqlite3"),
        description="SQLite file of the simulator; several processes may share it.",
    )
    secret_key: SecretStr | None = Field(
        default=None,
        validation_alias="PAYSTACK_SECRET_KEY",
        description="The only secret key taken. Unset: every sk_test_ key is its own account.",
    )
    autopay: bool = Field(
        default=True, description="The simulated customer pays as soon as a charge is opened."
    )
    customer_pays_fees: bool = Field(
        default=False,
        description="Accounts add the fee to what customers pay, as `customer-fees@` does.",
    )
    webhook_url: str | None = Field(
        default="http://127.0.0.1:8000/payments/webhook",
        description="Where events are posted. None, which only code can set: nowhere.",
    )
    public_url: str | None = Field(
        default=None, description="Origin, and path if any, under which browsers reach us."
    )
    mount_path: str | None = Field(
        default=None, description="Path inside the shop we are mounted at, like /paystack-mock."
    )
    currencies: tuple[str, ...] = Field(
        default=("NGN", "USD", "GHS", "ZAR", "KES", "XOF"),
        min_length=1,
        description="Currencies of every account; the first is the default.",
    )
    slow_answer: Duration = Field(
        default=timedelta(seconds=20), description="How long `slow` waits before it answers."
    )
    webhook_late_by: Duration = Field(
        default=timedelta(seconds=30), description="How long `webhook-late` holds its webhook."
    )
    not_found_for: Duration = Field(
        default=timedelta(seconds=5),
        description="How long verify does not find the transaction of `not-found-yet`.",
    )
    payment_takes: Duration = Field(
        default=timedelta(seconds=5),
        description="How long `pending`, `processing`, `queued` and `bank-transfer` last.",
    )
    dispute_step: Duration = Field(
        default=timedelta(seconds=5),
        description="How long until a dispute is opened, and then until each of its next steps.",
    )
    refund_step: Duration = Field(
        default=timedelta(seconds=0.5),
        description="How long a refund stays pending, and then again processing.",
    )
    webhook_timeout: Duration = Field(
        default=timedelta(seconds=10), description="Time limit of one delivery attempt."
    )
    webhook_first_limit: Duration = Field(
        default=timedelta(seconds=3),
        description="Time limit of the delivery `webhook-first` waits for.",
    )
    webhook_attempts: int = Field(
        default=8, ge=1, description="Delivery attempts before a webhook is given up."
    )
    webhook_retry_after: Duration = Field(
        default=timedelta(seconds=1),
        description="Wait after the first failed delivery; doubles with each further one.",
    )
    rate_limit: int | None = Field(
        default=None,
        ge=1,
        description="Requests per key and minute; set, it adds x-ratelimit headers. Paystack: 100.",
    )
