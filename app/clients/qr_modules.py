"""Which squares of a QR code are dark.

The library lays out each code anew, module by module. Here it is asked once per size where it puts
each bit, and every code after that is one copy in the order learned.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Final

from qrcode.base import rs_blocks
from qrcode.constants import ERROR_CORRECT_M
from qrcode.image.pil import PilImage
from qrcode.main import QRCode

from app.clients.qr_codewords import codewords_of

MASK: Final = 2
"""One mask for every code; see ``app/clients/qr.py`` for how well it is read."""

QUIET_ZONE: Final = 4
"""White modules around the code, as the standard asks."""

Rows = Sequence[str]
"""A square of modules: ``1`` is dark."""

_CONSTANTS: Final = "01"
_FLIP: Final = str.maketrans("01", "10")


def modules_of(text: str, *, mask: int = MASK) -> Rows:
    """The code of a text with error correction M, without its quiet zone.

    Raises:
        ValueError: the text is longer than a QR code holds, or no text.
    """
    version, codewords = codewords_of(text)
    bits = f"{int.from_bytes(codewords, 'big'):0{8 * len(codewords)}b}"
    side, arrange = _layout(version, mask)
    modules = "".join(arrange(_CONSTANTS + bits + bits.translate(_FLIP)))
    return [modules[at : at + side] for at in range(0, side * side, side)]


def dark_runs(rows: Rows) -> Iterator[tuple[int, int, int]]:
    """Column, row and length of each unbroken run of dark modules."""
    for y, row in enumerate(rows):
        begin = row.find("1")
        while begin >= 0:
            end = row.find("0", begin)
            end = len(row) if end < 0 else end
            yield begin, y, end - begin
            begin = row.find("1", end)


@lru_cache(maxsize=128)
def _layout(version: int, mask: int) -> tuple[int, Callable[[str], tuple[str, ...]]]:
    """The side of a code, and what puts the bits of its data where they belong.

    A module either is the same in every code or shows one bit, which the mask may flip. Codes whose
    bits spell their own numbers in binary, one digit each, tell which bit a module shows: as many
    codes as the numbers have digits.
    """
    amount = 8 * sum(block.total_count for block in rs_blocks(version, ERROR_CORRECT_M))
    blank = _laid_out(version, mask, [0] * amount)
    digits = [
        _laid_out(version, mask, [number >> digit & 1 for number in range(1, amount + 1)])
        for digit in range(amount.bit_length())
    ]
    sources = []
    for module, is_flipped in enumerate(blank):
        number = sum((code[module] != is_flipped) << digit for digit, code in enumerate(digits))
        if number == 0:
            sources.append(int(is_flipped))
        else:
            sources.append(len(_CONSTANTS) + number - 1 + amount * is_flipped)
    return 4 * version + 17, itemgetter(*sources)


def _laid_out(version: int, mask: int, bits: Sequence[int]) -> list[bool]:
    """The library's own code for these bits, row after row."""
    code = QRCode[PilImage](version=version, error_correction=ERROR_CORRECT_M)
    whole = int("".join(map(str, bits)), 2).to_bytes(len(bits) // 8, "big")
    code.data_cache = list(whole)
    code.makeImpl(False, mask)
    return [bool(module) for row in code.modules for module in row]
