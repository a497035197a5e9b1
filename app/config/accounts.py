"""Settings of accounts: how long logins last, and how many attempts there are."""

from datetime import timedelta

from pydantic import Field
from pydantic_settings import BaseSettings

from app.config.fields import Duration
from app.domain.users.attempts import LONGEST_WINDOW


class AccountSettings(BaseSettings):
    """Settings of accounts: how long logins last, and how many attempts there are."""

    access_token_life: Duration = Field(
        default=timedelta(minutes=30), description="How long an access token is valid."
    )
    refresh_token_life: Duration = Field(
        default=timedelta(days=30), description="How long a login lasts without being used."
    )
    login_life: Duration = Field(
        default=timedelta(days=90),
        description="How long a login lasts at most, however often it is used; then the password "
        "is asked for again.",
    )
    login_attempts: int = Field(
        default=10,
        ge=1,
        description="Wrong passwords for one account within `LOGIN_WINDOW` without a pause. Then "
        "come pauses of 1 s, 2 s, 4 s … up to 5 minutes.",
    )
    login_window: Duration = Field(
        default=timedelta(hours=24),
        gt=timedelta(0),
        le=LONGEST_WINDOW,
        description="How long after the first wrong password the count starts again; at most a "
        "day. A right password ends the count at once.",
    )
    login_attempts_from_address: int = Field(
        default=30,
        ge=1,
        description="Wrong passwords for any accounts from one client address within an hour "
        "without a pause; a network (IPv4 /24, IPv6 /48) has four times as many.",
    )
    registrations_from_address: int = Field(
        default=20,
        ge=1,
        description="Accounts opened from one client address within an hour without a pause; a "
        "network has four times as many.",
    )
    checkouts_from_address: int = Field(
        default=60,
        ge=1,
        description="Orders placed without a login from one client address within an hour without "
        "a pause; a network has four times as many.",
    )
    anyone_may_sell: bool = Field(
        default=False,
        description="Whether an account whose e-mail address is confirmed becomes an organizer "
        "with its first event. Else an admin gives it the role `organizer` first. In the demo "
        "everybody may sell.",
    )
    trusted_proxies: int | None = Field(
        default=None,
        ge=0,
        le=10,
        description="How many proxies stand before the shop, each of which adds the address it was "
        "called from to `X-Forwarded-For`: the client is counted by the address the outermost "
        "of them saw. 0: clients connect to the shop itself. Unset: as 0, but what a proxy in "
        "a private network forwards is not counted by address.",
    )
