"""The bytes of QR codes are the library's own, whatever the text and its length."""

import random

import pytest
from qrcode.constants import ERROR_CORRECT_M
from qrcode.image.pil import PilImage
from qrcode.main import QRCode
from qrcode.util import create_data

from app.clients.qr_codewords import BITS_AT_MOST, codewords_of

ALPHABETS = {"digits": "0123456789", "letters": "AZ $%*+-./:", "bytes": "az é🎫"}


def librarys(text: str) -> tuple[int, bytes]:
    code = QRCode[PilImage](error_correction=ERROR_CORRECT_M)
    code.add_data(text, optimize=0)
    version = code.best_fit()
    return version, bytes(create_data(version, ERROR_CORRECT_M, code.data_list))


class TestCodewords:
    @pytest.mark.parametrize("alphabet", ALPHABETS.values(), ids=ALPHABETS)
    def test_are_the_librarys_in_each_version(self, alphabet: str) -> None:
        dice = random.Random(1)
        versions = set()
        for length in [*range(1, 300, 3), *range(300, 1400, 20), *range(1400, 5597, 80)]:
            text = "".join(dice.choices(alphabet, k=length))
            try:
                expected = librarys(text)
            except ValueError:
                break
            assert codewords_of(text) == expected
            versions.add(expected[0])

        assert versions == set(range(1, len(BITS_AT_MOST)))

    def test_leave_no_room_in_a_code_that_is_full(self) -> None:
        # Version 1 holds 20 letters and 18 in its smallest parts: without an end, and with less.
        for text in ("A" * 20, "A" * 19, "1" * 34, "1" * 33, "x" * 14):
            assert codewords_of(text) == librarys(text)
            assert codewords_of(text)[0] == 1

    def test_refuse_what_no_version_holds(self) -> None:
        with pytest.raises(ValueError, match="too long"):
            codewords_of("A" * 3392)
