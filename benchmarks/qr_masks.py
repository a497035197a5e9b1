"""Does a QR code with a fixed mask scan as well as one with the mask chosen by score?

Choosing draws each code eight times, so it costs most of the time of drawing one. This draws
random ticket codes with each fixed mask and with the chosen one, makes the pictures worse the way
a camera does, and counts how many a scanner still reads.

    python -m benchmarks.qr_masks [codes, default 200]
"""

import random
import sys
from collections.abc import Callable
from io import BytesIO
from time import perf_counter

import zxingcpp
from PIL import Image, ImageFilter
from qrcode.constants import ERROR_CORRECT_M
from qrcode.image.pil import PilImage
from qrcode.main import QRCode

from app.clients.qr import draw, paint
from app.clients.qr_modules import Rows
from tests.codes import some_code

Damage = Callable[[Image.Image, random.Random], Image.Image]


def rotated(picture: Image.Image, dice: random.Random) -> Image.Image:
    """15 degrees either way."""
    return picture.rotate(
        dice.choice((-15, 15)), Image.Resampling.BICUBIC, expand=True, fillcolor=255
    )


def blurred(picture: Image.Image, dice: random.Random) -> Image.Image:
    """Out of focus by about half a module, the edge of what can be read."""
    return picture.filter(ImageFilter.GaussianBlur(dice.uniform(2.7, 3.9)))


def quartered(picture: Image.Image, dice: random.Random) -> Image.Image:
    """A quarter of the size: a pixel and a half a module."""
    side = picture.width // 4 + dice.randint(-6, 2)
    return picture.resize((side, side), Image.Resampling.BILINEAR)


def faded(picture: Image.Image, dice: random.Random) -> Image.Image:
    """Light grey on lighter grey, with the grain of a dark room."""
    grain = Image.frombytes("L", picture.size, dice.randbytes(picture.width * picture.height))
    return Image.blend(
        picture.point([100 + level // 4 for level in range(256)]), grain, dice.uniform(0.08, 0.16)
    )


def photographed(picture: Image.Image, dice: random.Random) -> Image.Image:
    """All of it at once, each a little less."""
    turned = picture.rotate(
        dice.uniform(-15, 15), Image.Resampling.BICUBIC, expand=True, fillcolor=255
    )
    side = int(turned.width * dice.uniform(0.6, 0.85))
    small = turned.resize((side, side), Image.Resampling.BILINEAR)
    soft = small.filter(ImageFilter.GaussianBlur(dice.uniform(0.8, 1.8)))
    grain = Image.frombytes("L", soft.size, dice.randbytes(side * side))
    return Image.blend(soft.point([60 + level // 3 for level in range(256)]), grain, 0.1)


DAMAGES: tuple[Damage, ...] = (rotated, blurred, quartered, faded, photographed)


def library_modules(text: str, *, mask: int | None) -> Rows:
    """The library's own code of a text. ``None`` scores all eight masks and takes the best."""
    code = QRCode[PilImage](error_correction=ERROR_CORRECT_M, mask_pattern=mask)
    code.add_data(text, optimize=0)
    code.make()
    return ["".join("1" if dark else "0" for dark in row) for row in code.modules]


def drawn(text: str, *, mask: int | None) -> bytes:
    return paint(library_modules(text, mask=None)) if mask is None else draw(text, mask=mask)


def reads(picture: Image.Image, text: str) -> bool:
    """Tell whether the scanner finds this text in the picture."""
    return any(found.text == text for found in zxingcpp.read_barcodes(picture))


def read_rates(mask: int | None, codes: list[str]) -> dict[str, float]:
    """The share of codes read after each damage; the damage is the same for every mask."""
    dice = random.Random(7)
    read = dict.fromkeys((damage.__name__ for damage in DAMAGES), 0)
    for code in codes:
        picture = Image.open(BytesIO(drawn(code, mask=mask))).convert("L")
        for damage in DAMAGES:
            read[damage.__name__] += reads(damage(picture, dice), code)
    return {name: count / len(codes) for name, count in read.items()}


def milliseconds_to_draw(mask: int | None, codes: list[str]) -> float:
    """The mean time of drawing one code."""
    began = perf_counter()
    for code in codes:
        drawn(code, mask=mask)
    return (perf_counter() - began) / len(codes) * 1000


def main() -> None:
    amount = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    codes = [some_code() for _ in range(amount)]
    print(f"{amount} codes; share read, and mean time to draw")
    print("mask   " + "".join(f"{damage.__name__:>14}" for damage in DAMAGES) + f"{'ms':>8}")
    for mask in (None, *range(8)):
        rates = read_rates(mask, codes)
        cells = "".join(f"{rate:>14.1%}" for rate in rates.values())
        name = "chosen" if mask is None else str(mask)
        print(f"{name:<7}{cells}{milliseconds_to_draw(mask, codes):>8.2f}")


if __name__ == "__main__":
    main()
