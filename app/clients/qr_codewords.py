"""The bytes inside a QR code (ISO/IEC 18004): the text, and what corrects errors in it.

The library appends bit after bit, and divides polynomials anew for each code, which is most of what
a ticket's picture takes. Here it says how a text becomes bits and what each byte does to the
correction, once; every code after that is a look-up a byte.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain, zip_longest
from typing import Final

from qrcode.base import RSBlock, rs_blocks
from qrcode.constants import ERROR_CORRECT_M
from qrcode.util import (
    BIT_LIMIT_TABLE,
    PAD0,
    PAD1,
    BitBuffer,
    QRData,
    create_bytes,
    mode_sizes_for_version,
)

BITS_AT_MOST: Final[Sequence[int]] = BIT_LIMIT_TABLE[ERROR_CORRECT_M]
"""How many bits each version holds. There is no version 0."""

_END: Final = "0000"


def codewords_of(text: str) -> tuple[int, bytes]:
    """The smallest version that holds the text with error correction M, and its codewords.

    Raises:
        ValueError: the text is longer than a QR code holds, or no text.
    """
    version, bits = _fitted(QRData(text))
    blocks = rs_blocks(version, ERROR_CORRECT_M)
    content = _padded(bits, BITS_AT_MOST[version])
    parts = list(_parts(content, blocks))
    corrections = [
        _correction(part, block.total_count - block.data_count)
        for part, block in zip(parts, blocks, strict=True)
    ]
    return version, bytes([*_in_turn(parts), *_in_turn(corrections)])


class _Bits(BitBuffer):
    """The library's buffer, a number at a time."""

    def __init__(self) -> None:
        super().__init__()
        self.written: list[str] = []

    def put(self, num: int, length: int) -> None:
        self.written.append(f"{num:0{length}b}")


def _fitted(data: QRData) -> tuple[int, str]:
    """The version for the data, and its bits; larger versions tell its length in more of them."""
    version = 1
    while True:
        sizes = mode_sizes_for_version(version)
        bits = _Bits()
        bits.put(data.mode, 4)
        bits.put(len(data), sizes[data.mode])
        data.write(bits)
        written = "".join(bits.written)
        version = bisect_left(BITS_AT_MOST, len(written), version)
        if version == len(BITS_AT_MOST):
            raise ValueError("This text is too long for a QR code.")
        if mode_sizes_for_version(version) is sizes:
            return version, written


def _padded(bits: str, amount: int) -> bytes:
    ended = bits + _END[: amount - len(bits)]
    whole = ended + "0" * (-len(ended) % 8)
    content = int(whole, 2).to_bytes(len(whole) // 8, "big")
    free = amount // 8 - len(content)
    return content + (bytes([PAD0, PAD1]) * free)[:free]


def _parts(content: bytes, blocks: Sequence[RSBlock]) -> Iterator[bytes]:
    begin = 0
    for block in blocks:
        yield content[begin : begin + block.data_count]
        begin += block.data_count


def _in_turn(parts: Sequence[bytes]) -> Iterator[int]:
    """The first byte of each, then the second of each; some may be one shorter."""
    mixed = chain.from_iterable(zip_longest(*parts))
    return (byte for byte in mixed if byte is not None)


def _correction(part: bytes, length: int) -> bytes:
    """The remainder of the division: a shift register, fed a byte at a time."""
    feedback = _feedback(length)
    top, rest = 8 * (length - 1), (1 << 8 * (length - 1)) - 1
    register = 0
    for byte in part:
        register = (register & rest) << 8 ^ feedback[register >> top ^ byte]
    return register.to_bytes(length, "big")


@lru_cache
def _feedback(length: int) -> Sequence[int]:
    """The correction that the library gives each single byte. For 0 it has none to give."""
    found = [0]
    for byte in range(1, 256):
        buffer = BitBuffer()
        buffer.put(byte, 8)
        _, *correction = create_bytes(buffer, [RSBlock(1 + length, 1)])
        found.append(int.from_bytes(bytes(correction), "big"))
    return found
