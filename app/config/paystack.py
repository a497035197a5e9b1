"""Settings of the payment provider."""

from datetime import timedelta
from typing import Final

from pydantic import Field
from pydantic_settings import BaseSettings

from app.config.fields import Duration, OptionalSecret, OptionalText

PAYSTACK_API: Final = "https://api.paystack.co"


class PaystackSettings(BaseSettings):
    """Settings of the payment provider."""

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
