import base64
import importlib.util
import json
import random
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature

from app.clients.security.ticket_keys import Ed25519TicketSigner
from app.domain.tickets.ticket_codes import CodeForged, CodeUnreadable, from_base45, to_base45
from tests.support.codes import KEY, SIGNER, some_code, some_facts

OLD, NEW = "o" * 32, "n" * 32
LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"


def jwk_set(signer: Ed25519TicketSigner) -> dict[str, Any]:
    return {
        "keys": [
            {"kid": str(key.key_id), "x": base64.urlsafe_b64encode(key.content).decode()[:-1]}
            for key in signer.public_keys()
        ]
    }


def public_half(signer: Ed25519TicketSigner) -> str:
    keys: list[dict[str, str]] = jwk_set(signer)["keys"]
    return f"{keys[0]['kid']}:pub:{keys[0]['x']}"


class TestSign:
    def test_gives_the_same_text_for_the_same_facts(self) -> None:
        facts = some_facts()

        assert SIGNER.sign(facts, key_id=1) == SIGNER.sign(facts, key_id=1)
        assert SIGNER.read(SIGNER.sign(facts, key_id=1)) == facts

    def test_takes_the_present_key_for_one_that_is_gone(self) -> None:
        signer = Ed25519TicketSigner(f"2:{NEW}")
        facts = some_facts()

        assert signer.sign(facts, key_id=1) == signer.sign(facts, key_id=2)


class TestRead:
    def test_knows_the_codes_of_every_key(self) -> None:
        before, after = Ed25519TicketSigner(OLD), Ed25519TicketSigner(f"2:{NEW},1:{OLD}")
        facts = some_facts()
        old = before.sign(facts, key_id=before.current_key_id)
        new = after.sign(facts, key_id=after.current_key_id)

        assert (before.current_key_id, after.current_key_id) == (1, 2)
        assert after.read(old) == after.read(new) == facts
        with pytest.raises(CodeForged):
            before.read(new)

    def test_needs_no_secret_of_a_key_that_signs_no_more(self) -> None:
        before = Ed25519TicketSigner(OLD)
        after = Ed25519TicketSigner(f"2:{NEW},{public_half(before)}")
        facts = some_facts()

        assert after.read(before.sign(facts, key_id=1)) == facts

    def test_takes_none_of_ten_thousand_forgeries(self) -> None:
        dice = random.Random(4)
        stranger = Ed25519TicketSigner("s" * 32)
        changes: list[Callable[[str], str]] = [
            lambda code: _with_letter(code, dice),
            lambda code: _with_bit(code, dice),
            lambda code: code[: dice.randrange(4, len(code))],
            lambda code: code + dice.choice(LETTERS.replace(" ", "")),
            lambda code: stranger.sign(some_facts(), key_id=1),
            lambda code: "TK1:" + to_base45(dice.randbytes(98)),
            lambda code: code[:90] + some_code()[90:],
        ]
        genuine = [some_code() for _ in range(20)]

        for number in range(10_000):
            forged = changes[number % len(changes)](dice.choice(genuine))
            with pytest.raises((CodeForged, CodeUnreadable)):
                SIGNER.read(forged)


class TestKeys:
    @pytest.mark.parametrize(
        "written",
        [
            "",
            "short",
            f"0:{OLD}",
            f"256:{OLD}",
            f"1:{OLD},1:{NEW}",
            f"{OLD},{NEW}",
            f"1:{OLD},2:pub:x",
        ],
    )
    def test_are_refused_when_they_are_none(self, written: str) -> None:
        with pytest.raises(ValueError, match="key") as refused:
            Ed25519TicketSigner(written)
        assert OLD not in str(refused.value)

    def test_begin_with_one_that_can_sign(self) -> None:
        with pytest.raises(ValueError, match="signs"):
            Ed25519TicketSigner(f"{public_half(SIGNER)},2:{NEW}")

    def test_are_hidden_in_what_is_published(self) -> None:
        assert KEY not in json.dumps(jwk_set(SIGNER))


class TestStandAloneVerifier:
    def test_reads_what_the_shop_signed(self, verifier: ModuleType) -> None:
        facts = some_facts(ticket_id=7, event_id=3, version=2)
        code = SIGNER.sign(facts, key_id=1)

        read = verifier.verify(jwk_set(SIGNER), code, facts.not_before.timestamp())

        assert read == {"ticket_id": 7, "event_id": 3, "version": 2}

    def test_refuses_everything_else(self, verifier: ModuleType) -> None:
        facts = some_facts()
        code, now = SIGNER.sign(facts, key_id=1), facts.not_before.timestamp()
        keys, others = jwk_set(SIGNER), jwk_set(Ed25519TicketSigner("s" * 32))

        for known, text, at in (
            (others, code, now),
            (keys, code[:-1] + ("A" if code[-1] == "0" else "0"), now),
            (keys, "TK2:" + code[4:], now),
            (keys, code, now - 1),
            (keys, code, (facts.not_after + timedelta(seconds=1)).timestamp()),
            ({"keys": []}, code, now),
        ):
            with pytest.raises((InvalidSignature, ValueError, OverflowError)):
                verifier.verify(known, text, at)


@pytest.fixture
def verifier() -> ModuleType:
    file = Path(__file__).parents[3] / "docs" / "verify_ticket.py"
    spec = importlib.util.spec_from_file_location("verify_ticket", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _with_letter(code: str, dice: random.Random) -> str:
    at = dice.randrange(4, len(code))
    other = dice.choice([letter for letter in LETTERS if letter != code[at]])
    return code[:at] + other + code[at + 1 :]


def _with_bit(code: str, dice: random.Random) -> str:
    content = bytearray(from_base45(code[4:]))
    content[dice.randrange(len(content))] ^= 1 << dice.randrange(8)
    return "TK1:" + to_base45(bytes(content))
