"""Settings of outgoing mail."""

from pydantic import Field
from pydantic_settings import BaseSettings

from app.config.fields import OptionalSecret


class MailSettings(BaseSettings):
    """Settings of outgoing mail."""

    smtp_url: OptionalSecret = Field(
        default=None,
        description="`smtp://user:password@host:587` or `smtps://…`; absent: files in "
        "`VAR_DIR/mail`.",
    )
    mail_sender: str = Field(
        default="Tickets <tickets@example.com>", description="Who mail comes from."
    )
    mails_per_address: int = Field(
        default=20,
        ge=1,
        description="Mails one address gets a day at most, not counting those about tickets paid "
        "through Paystack and the account's own change of address; and as many about changed or "
        "cancelled events. Later ones wait.",
    )
