"""Reading what a screen shows, as a phone at the door would."""

import io

import zxingcpp
from PIL import Image


def read_qr_code(screenshot: bytes) -> str:
    """The text of the one QR code on the screenshot."""
    with Image.open(io.BytesIO(screenshot)) as picture:
        codes = zxingcpp.read_barcodes(picture.convert("L"))
    assert len(codes) == 1, f"{len(codes)} codes on the picture"
    text: str = codes[0].text
    return text
