"""Argon2id, a few at a time."""

import subprocess
import sys
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count
from threading import Event, Thread
from typing import Any

import pytest
from passlib.context import CryptContext

from app.clients.security.passwords import SETTINGS, Argon2Hasher
from app.domain.errors import Busy

HASHER = Argon2Hasher()
HASHED = HASHER.hash("password123")
COST = ["argon2id", "v=19", "m=19456,t=2,p=1"]


class RecordingContext(CryptContext):
    """Remembers the hashes that a password was compared with to the end."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.verified: list[str] = []

    def verify(self, *secret_and_hash: Any, **options: Any) -> bool:
        is_right = bool(super().verify(*secret_and_hash, **options))
        self.verified.append(secret_and_hash[1])
        return is_right


def cost_of(hashed: str) -> list[str]:
    """What Argon2 was told: its kind, its version, memory in KiB, rounds and lanes."""
    return hashed.split("$")[1:4]


class TestHash:
    def test_is_argon2id_at_the_chosen_cost(self) -> None:
        assert cost_of(HASHED) == COST

    def test_is_salted(self) -> None:
        assert HASHER.hash("password123") != HASHED

    @pytest.mark.parametrize("password", ["\ud800", "x" * 4097, "é" * 4000])
    def test_refuses_what_no_account_may_have(self, password: str) -> None:
        with pytest.raises(ValueError, match=r"too long|surrogates"):
            HASHER.hash(password)


class TestVerify:
    def test_says_yes_to_the_password(self) -> None:
        assert HASHER.verify("password123", HASHED)

    @pytest.mark.parametrize(
        "password", ["", "password124", "password123\0", "Password123", "\ud800", "x" * 100_000]
    )
    def test_says_no_to_anything_else(self, password: str) -> None:
        assert not HASHER.verify(password, HASHED)

    def test_tells_what_follows_a_nul_apart(self) -> None:
        hashed = HASHER.hash("before\0after")

        assert HASHER.verify("before\0after", hashed)
        assert not HASHER.verify("before\0other", hashed)

    def test_reads_every_character_of_the_longest_password(self) -> None:
        hashed = HASHER.hash("𝄞" * 128)

        assert HASHER.verify("𝄞" * 128, hashed)
        assert not HASHER.verify("𝄞" * 127 + "𝄢", hashed)

    def test_takes_both_spellings_of_an_accent(self) -> None:
        hashed = HASHER.hash(unicodedata.normalize("NFC", "pâté en croûte"))

        assert HASHER.verify(unicodedata.normalize("NFD", "pâté en croûte"), hashed)

    @pytest.mark.parametrize(
        "hashed",
        [
            "",
            "x\0",
            "\ud800",
            "$argon2id$",
            HASHED[:-3],
            HASHED[:-1] + "!",
            HASHED.replace("v=19", "v=99"),
            HASHED.replace("m=19456", "m=99999999999999999999"),
            "$2b$12$abcdefghijklmnopqrstuuJ0Vq1rYwO0b0nQ8rPzV8p7bq2b0r5yG",
        ],
        # The salt is new each time, and test processes compare the names of their tests.
        ids=count(),
    )
    def test_says_no_to_a_damaged_hash(self, hashed: str) -> None:
        assert not HASHER.verify("password123", hashed)

    @pytest.mark.parametrize(
        "hashed", [None, "", "!", HASHED[:-3]], ids=["absent", "empty", "none", "damaged"]
    )
    def test_costs_one_verification_also_for_nobody(self, hashed: str | None) -> None:
        context = RecordingContext(**SETTINGS)
        hasher = Argon2Hasher(context=context)

        assert not hasher.verify("wrong", HASHED)
        assert not hasher.verify("wrong", hashed)

        somebody, nobody = context.verified
        assert somebody == HASHED
        assert nobody != HASHED
        assert cost_of(nobody) == cost_of(somebody) == COST

    def test_says_no_for_nobody_whatever_the_password(self) -> None:
        assert not HASHER.verify("the password of no account", None)
        assert not HASHER.verify("", None)


class TestTurns:
    def test_sends_away_who_would_wait_too_long(self) -> None:
        hasher = Argon2Hasher(max_concurrent=1, wait=timedelta(0))
        answers = refused_while_busy(hasher)

        assert answers > 0
        assert hasher.verify("x", None) is False

    def test_lets_everybody_in_who_can_wait(self) -> None:
        hasher = Argon2Hasher(max_concurrent=1, wait=timedelta(seconds=30))

        with ThreadPoolExecutor(6) as callers:
            answers = list(callers.map(lambda _: hasher.verify("password123", HASHED), range(6)))

        assert answers == [True] * 6

    def test_gives_its_turn_back_after_an_error(self) -> None:
        hasher = Argon2Hasher(max_concurrent=1, wait=timedelta(0))

        for _ in range(3):
            assert not hasher.verify("\ud800", "damaged")

        assert hasher.verify("password123", HASHED)


class TestImport:
    def test_shows_no_warnings(self) -> None:
        program = (
            "from app.clients.security.passwords import Argon2Hasher; Argon2Hasher().hash('x')"
        )

        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", program], capture_output=True, check=False
        )

        assert (done.returncode, done.stderr) == (0, b"")


def refused_while_busy(hasher: Argon2Hasher) -> int:
    """How many of many tries were sent away while another caller hashes all the time."""
    stop, refused = Event(), 0

    def keep_busy() -> None:
        while not stop.is_set():
            try:
                hasher.verify("password123", HASHED)
            except Busy:
                continue

    other = Thread(target=keep_busy)
    other.start()
    try:
        for _ in range(2000):
            try:
                hasher.verify("password123", HASHED)
            except Busy:
                refused += 1
            if refused:
                break
    finally:
        stop.set()
        other.join()
    return refused
