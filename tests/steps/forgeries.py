"""Codes that are not ours, made of one that is."""

import base64
import random
from collections.abc import Iterator
from typing import Final

from app.domain.tickets.ticket_codes import PREFIX, from_base45, to_base45

LETTERS: Final = (*range(1, 0xD800), 0x1F3AB)
"""Numbers of letters of all kinds."""


def forgeries(code: str, dice: random.Random) -> Iterator[str]:
    """Endless codes that are not ours, made of one that is."""
    signed = from_base45(code.removeprefix(PREFIX))
    while True:
        yield from (
            PREFIX + to_base45(_flipped(signed, dice)),
            PREFIX + to_base45(dice.randbytes(34) + signed[34:]),
            PREFIX + to_base45(signed[:34] + dice.randbytes(64)),
            PREFIX + to_base45(dice.randbytes(98)),
            PREFIX + to_base45(signed[: dice.randrange(98)]),
            PREFIX + to_base45(signed + dice.randbytes(dice.randrange(1, 9))),
            PREFIX + base64.b32encode(signed).decode(),
            _other_letter(code, dice),
            code[: dice.randrange(len(code))],
            code + dice.choice("0A:"),
            dice.choice(["TK2:", "tk2:", "TK1", ""]) + code.removeprefix(PREFIX),
            "".join(chr(dice.choice(LETTERS)) for _ in range(20)),
            "-".join(
                "".join(dice.choices("0123456789ABCDEFGHJKMNPQRSTVWXYZ", k=4)) for _ in "1234"
            ),
        )


def _flipped(signed: bytes, dice: random.Random) -> bytes:
    bit = dice.randrange(len(signed) * 8)
    changed = bytearray(signed)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def _other_letter(code: str, dice: random.Random) -> str:
    at = dice.randrange(len(PREFIX), len(code))
    letter = dice.choice([each for each in "0123456789ABCXYZ $%*+-./:" if each != code[at]])
    return code[:at] + letter + code[at + 1 :]
