"""Settings of accounts: how long logins last, and how many attempts there are."""

from datetime import timedelta

from pydantic import Field
from pydantic_settings import BaseSettings

from app.config.fields import Duration


class AccountSettings(BaseSettings):
    """Settings of accounts: how long logins last, and how many attempts there are."""

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
