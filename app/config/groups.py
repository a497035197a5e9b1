"""Settings that only work together."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

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
