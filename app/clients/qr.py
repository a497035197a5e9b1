"""QR codes of tickets."""

from functools import lru_cache
from io import BytesIO

from PIL import Image
from qrcode.constants import ERROR_CORRECT_M
from qrcode.exceptions import DataOverflowError
from qrcode.image.pil import PilImage
from qrcode.main import QRCode

_MASK = 2
"""One mask for every code; scoring all eight for each takes four times as long and gains nothing.

``benchmarks/qr_masks.py``, 300 random ticket codes, share that zxing-cpp still read:

====== ======= ======= ========= ===== ============
mask   rotated blurred quartered faded photographed
====== ======= ======= ========= ===== ============
scored    100%   43.0%      100% 54.3%        72.7%
0         100%   42.0%      100% 54.3%        73.0%
1         100%   42.0%      100% 54.3%        72.7%
2         100%   50.3%      100% 54.3%        74.0%
3         100%   44.0%      100% 54.3%        73.3%
4         100%   43.3%      100% 54.3%        71.7%
5         100%   46.0%      100% 54.3%        71.7%
6         100%   44.3%      100% 54.3%        73.3%
7         100%   46.7%      100% 54.3%        72.3%
====== ======= ======= ========= ===== ============
"""

_QUIET_ZONE = 4
"""White modules around the code, as the standard asks."""

_PIXELS_A_SIDE = 330
"""The picture is the largest whole multiple of its modules that fits, so no module is blurred."""

_BLACK, _WHITE = b"\x00", b"\xff"


class QrCodes:
    """Draws QR codes with error correction M and keeps the last ones drawn.

    Args:
        max_cached: how many drawings to keep, about 800 bytes each.
    """

    def __init__(self, max_cached: int = 2048) -> None:
        self._drawn = lru_cache(maxsize=max_cached)(draw)

    def png(self, text: str) -> bytes:
        """A black-and-white PNG with the quiet zone a scanner needs.

        Raises:
            ValueError: the text is longer than a QR code holds, or no text.
        """
        return self._drawn(text)


def draw(text: str, *, mask: int | None = _MASK) -> bytes:
    """The PNG of a text. ``None`` scores all eight masks and takes the best.

    Raises:
        ValueError: the text is longer than a QR code holds, or no text.
    """
    code = QRCode[PilImage](
        error_correction=ERROR_CORRECT_M, mask_pattern=mask, image_factory=PilImage
    )
    code.add_data(text, optimize=0)
    try:
        code.make()
    except (DataOverflowError, ValueError) as error:
        raise ValueError("This text is too long for a QR code.") from error
    return _png(code.modules)


def _png(modules: list[list[bool | None]]) -> bytes:
    side = len(modules) + 2 * _QUIET_ZONE
    margin = _WHITE * _QUIET_ZONE
    rows = (
        margin + b"".join(_BLACK if dark else _WHITE for dark in row) + margin for row in modules
    )
    edge = _WHITE * side * _QUIET_ZONE
    small = Image.frombytes("L", (side, side), edge + b"".join(rows) + edge)
    pixels = side * max(1, _PIXELS_A_SIDE // side)
    picture = small.resize((pixels, pixels), Image.Resampling.NEAREST)
    file = BytesIO()
    picture.convert("1", dither=Image.Dither.NONE).save(file, "PNG", compress_level=1)
    return file.getvalue()
