"""Wallets, from the files the settings name."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from app.config import ConfigurationError, Settings
from app.wiring.wallets import apple_passes, google_wallet
from tests.steps.wallets import ISSUER, PASS_TYPE, TEAM, apple_identity, service_account
from tests.support.codes import some_code
from tests.support.prints import make_print

APPLE = ("apple_pass_certificate", "apple_pass_key", "apple_pass_wwdr")


@pytest.fixture
def given(tmp_path: Path) -> dict[str, str]:
    """Settings of both wallets, with files that are as they should be."""
    identity = apple_identity()
    texts = {
        "apple_pass_certificate": identity.certificate,
        "apple_pass_key": identity.key,
        "apple_pass_wwdr": identity.authority,
        "google_wallet_key_file": service_account(),
    }
    for name, text in texts.items():
        (tmp_path / name).touch(mode=0o600)
        (tmp_path / name).write_text(text)
    return {
        **{name: str(tmp_path / name) for name in texts},
        "apple_pass_type_id": PASS_TYPE,
        "apple_team_id": TEAM,
        "google_wallet_issuer_id": ISSUER,
    }


def settings_of(given: dict[str, str]) -> Settings:
    return Settings(_env_file=None, **given)  # type: ignore[arg-type]  # texts, as a .env has


def open_both(given: dict[str, str]) -> None:
    settings = settings_of(given)
    apple_passes(settings)
    google_wallet(settings)


class TestWallets:
    def test_are_off_by_default(self) -> None:
        settings = settings_of({})

        assert apple_passes(settings) is None
        assert google_wallet(settings) is None

    def test_are_on_with_their_files(self, given: dict[str, str]) -> None:
        settings = settings_of(given)

        passes, google = apple_passes(settings), google_wallet(settings)

        assert passes is not None
        assert passes.pass_file(make_print(), code=some_code()).startswith(b"PK")
        assert google is not None

    @pytest.mark.parametrize(
        ("missing", "said"),
        [
            ("apple_pass_wwdr", "Apple Wallet also needs APPLE_PASS_WWDR."),
            ("apple_team_id", "Apple Wallet also needs APPLE_TEAM_ID."),
            ("google_wallet_issuer_id", "Google Wallet also needs GOOGLE_WALLET_ISSUER_ID."),
            ("google_wallet_key_file", "Google Wallet also needs GOOGLE_WALLET_KEY_FILE."),
        ],
    )
    def test_need_all_of_their_settings(
        self, given: dict[str, str], missing: str, said: str
    ) -> None:
        del given[missing]

        with pytest.raises(ValidationError, match=said):
            settings_of(given)

    @pytest.mark.parametrize("name", [*APPLE, "google_wallet_key_file"])
    def test_end_the_start_in_words_when_a_file_is_not_there(
        self, given: dict[str, str], name: str
    ) -> None:
        Path(given[name]).unlink()

        with pytest.raises(ConfigurationError, match=f"{name} cannot be read"):
            open_both(given)

    @pytest.mark.parametrize("name", [*APPLE, "google_wallet_key_file"])
    def test_end_the_start_in_words_when_a_file_is_something_else(
        self, given: dict[str, str], name: str
    ) -> None:
        Path(given[name]).write_text("something else")

        with pytest.raises(ConfigurationError, match=r"APPLE_PASS_…: |GOOGLE_WALLET_KEY_FILE: "):
            open_both(given)

    @pytest.mark.parametrize("name", ["apple_pass_key", "google_wallet_key_file"])
    def test_keep_their_keys_from_others(self, given: dict[str, str], name: str) -> None:
        Path(given[name]).chmod(0o644)

        with pytest.raises(ConfigurationError, match="chmod 600"):
            open_both(given)
