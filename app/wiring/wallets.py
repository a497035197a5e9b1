"""The wallets the settings have keys for."""

from pathlib import Path

from app.clients.wallets.apple_pass import AppleIdentity, SignedApplePasses
from app.clients.wallets.google_wallet import SignedGoogleWallet
from app.config import ConfigurationError, Settings, sealed_text
from app.domain.ports import ApplePasses, GoogleWallet


def apple_passes(settings: Settings) -> ApplePasses | None:
    """What makes Apple's passes, or ``None`` when the settings say nothing of it.

    Raises:
        ConfigurationError: a file cannot be used.
    """
    certificate, key = settings.apple_pass_certificate, settings.apple_pass_key
    authority = settings.apple_pass_wwdr
    if certificate is None or key is None or authority is None:
        return None
    identity = AppleIdentity(
        certificate=_text(certificate),
        key=sealed_text(key),
        authority=_text(authority),
        pass_type=settings.apple_pass_type_id or "",
        team=settings.apple_team_id or "",
    )
    try:
        return SignedApplePasses(identity)
    except ValueError as error:
        raise ConfigurationError(f"APPLE_PASS_…: {error}.") from None


def google_wallet(settings: Settings) -> GoogleWallet | None:
    """What makes Google's links, or ``None`` when the settings say nothing of it.

    Raises:
        ConfigurationError: the file cannot be used.
    """
    key, issuer = settings.google_wallet_key_file, settings.google_wallet_issuer_id
    if key is None or issuer is None:
        return None
    try:
        return SignedGoogleWallet(sealed_text(key), issuer=issuer)
    except ValueError as error:
        raise ConfigurationError(f"GOOGLE_WALLET_KEY_FILE: {error}") from None


def _text(file: Path) -> str:
    try:
        return file.read_text()
    except (OSError, UnicodeDecodeError):
        raise ConfigurationError(f"{file} cannot be read as PEM text.") from None
