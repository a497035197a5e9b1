"""Reading what a screen shows, as a phone at the door would."""

import io
import zlib

import zxingcpp
from PIL import Image

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"


def codes_on(picture: Image.Image) -> list[str]:
    """The texts of the QR codes on a picture; chance draws bars of other kinds beside them."""
    formats = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
    found = zxingcpp.read_barcodes(picture.convert("L"), formats=formats)
    return [code.text for code in found]


def codes_in(file: bytes) -> list[str]:
    """As ``codes_on``, of a picture file."""
    with Image.open(io.BytesIO(file)) as picture:
        return codes_on(picture)


def read_qr_code(screenshot: bytes) -> str:
    """The text of the one QR code on the screenshot."""
    codes = codes_in(screenshot)
    assert len(codes) == 1, f"codes on the picture: {codes}"
    return codes[0]


def photo(
    width: int = 1200,
    height: int = 675,
    *,
    kind: str = "JPEG",
    colour: str = "teal",
    mode: str = "RGB",
    **options: object,
) -> bytes:
    """A picture file as people upload it: one colour, its upper left quarter orange."""
    picture = Image.new(mode, (width, height), colour)
    picture.paste("orange", (0, 0, width // 2, height // 2))
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def claimed_png(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it has so many pixels."""

    def chunk(name: bytes, content: bytes) -> bytes:
        checksum = zlib.crc32(name + content).to_bytes(4, "big")
        return len(content).to_bytes(4, "big") + name + content + checksum

    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes([8, 2, 0, 0, 0])
    rows = zlib.compress(bytes(1_000_000))
    parts = (chunk(b"IHDR", header), chunk(b"IDAT", rows), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)
