"""Settings of Apple Wallet and Google Wallet."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from pydantic import Field
from pydantic_settings import BaseSettings

from app.config.fields import OptionalText


class WalletSettings(BaseSettings):
    """Settings of Apple Wallet and Google Wallet."""

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


GROUPS: Final[Mapping[str, Sequence[str]]] = {
    "Apple Wallet": (
        "apple_pass_certificate",
        "apple_pass_key",
        "apple_pass_wwdr",
        "apple_pass_type_id",
        "apple_team_id",
    ),
    "Google Wallet": ("google_wallet_key_file", "google_wallet_issuer_id"),
}


def incomplete_groups(settings: object) -> Iterator[str]:
    """What is wrong when some of a group's settings are there and others are not."""
    for purpose, names in GROUPS.items():
        missing = [name.upper() for name in names if getattr(settings, name) is None]
        if missing and len(missing) < len(names):
            yield f"{purpose} also needs {' and '.join(missing)}."
