"""What production takes for a secret."""

import secrets
from pathlib import Path

import pytest

from tests.config.test_settings import PRODUCTION, SECRET, TICKET_KEY, read, refusal
from tests.programs.servers import ROOT

WEAK = [
    SECRET[:-1],
    "a" * 64,
    "secret" * 8,
    "password12345678password12345678",
    "12345678901234567890123456789012",
    "0123456789abcdefghijklmnopqrstuvwxyz",
    "zyxwvutsrqponmlkjihgfedcba9876543210",
    "abababababababababababababababab",
    "another 32 or more random characters",
    "change-me-before-you-go-live-please-1",
]


class TestSecrets:
    @pytest.mark.parametrize("name", ["SECRET_KEY", "TICKET_KEYS"])
    @pytest.mark.parametrize("weak", WEAK)
    def test_that_can_be_guessed_are_refused(self, tmp_path: Path, name: str, weak: str) -> None:
        said = refusal(tmp_path, **(PRODUCTION | {name: weak}))

        assert name in said
        assert "openssl rand -hex 32" in said
        assert weak not in said

    def test_in_the_documents_are_refused(self, tmp_path: Path) -> None:
        lines = [
            line.partition("=")[::2]
            for file in ("docs/guide/deployment.md", ".env.example", "docs/operations.md")
            for line in (ROOT / file).read_text().lstrip("# ").splitlines()
            if line.startswith(("SECRET_KEY=", "TICKET_KEYS="))
        ]

        assert {name for name, _ in lines} == {"SECRET_KEY", "TICKET_KEYS"}
        for name, value in lines:
            assert name in refusal(tmp_path, **(PRODUCTION | {name: value}))

    @pytest.mark.parametrize(
        "changed",
        [
            {"TICKET_KEYS": SECRET},
            {"TICKET_KEYS": f"2:{SECRET},1:{TICKET_KEY}"},
            {"TICKET_KEYS": f"2:{TICKET_KEY},1:{TICKET_KEY}"},
        ],
    )
    def test_that_serve_twice_are_refused(self, tmp_path: Path, changed: dict[str, str]) -> None:
        assert "are the same secret" in refusal(tmp_path, **(PRODUCTION | changed))

    def test_in_a_file_are_looked_at_as_well(self, tmp_path: Path) -> None:
        file = tmp_path / "keys"
        file.touch(mode=0o600)
        file.write_text("1:" + "a" * 40)
        changed = {"TICKET_KEYS": None, "TICKET_KEYS_FILE": str(file)}

        assert "TICKET_KEYS (key 1)" in refusal(tmp_path, **(PRODUCTION | changed))

    def test_that_are_random_are_taken(self, tmp_path: Path) -> None:
        for make in (secrets.token_hex, secrets.token_urlsafe):
            for _ in range(50):
                first, second, third = (make(32).replace(",", "x") for _ in range(3))
                keys = f"3:{second},2:{third},1:pub:abc"
                read(tmp_path, **(PRODUCTION | {"SECRET_KEY": first, "TICKET_KEYS": keys}))

    def test_are_not_looked_at_so_closely_in_the_demo(self, tmp_path: Path) -> None:
        assert read(tmp_path, SECRET_KEY="a" * 64).is_demo
