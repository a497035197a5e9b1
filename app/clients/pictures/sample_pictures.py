"""The pictures of the samples, drawn from shapes and gradients: no file, no font, no chance."""

import math
from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Final

from PIL import Image, ImageChops, ImageDraw, ImageFilter

WIDTH: Final = 1600
HEIGHT: Final = 900

Colour = tuple[int, int, int]


def sample_picture(name: str) -> bytes:
    """The picture of this name, as a PNG file."""
    file = BytesIO()
    _PICTURES[name]().save(file, "PNG", compress_level=3)
    return file.getvalue()


def _gradient(top: Colour, bottom: Colour) -> Image.Image:
    """From one colour above to another below."""
    mask = Image.linear_gradient("L").resize((WIDTH, HEIGHT))
    return Image.composite(_plain(bottom), _plain(top), mask)


def _plain(colour: Colour) -> Image.Image:
    return Image.new("RGB", (WIDTH, HEIGHT), colour)


def _glow(onto: Image.Image, at: tuple[int, int], radius: int, colour: Colour) -> Image.Image:
    """The same with light around a point."""
    side = 2 * radius
    # The gradient is white in the corners; here its light ends at the sides already.
    fading = [max(0, 255 - int(value * math.sqrt(2))) for value in range(256)]
    mask = Image.radial_gradient("L").point(fading).resize((side, side))
    light = Image.new("RGB", (WIDTH, HEIGHT))
    light.paste(Image.new("RGB", (side, side), colour), (at[0] - radius, at[1] - radius), mask)
    return ImageChops.screen(onto, light)


def _jazz() -> Image.Image:
    """A stage at night: beams, a round moon, rings of brass, heads of a crowd."""
    picture = _gradient((18, 12, 46), (92, 28, 84))
    picture = _glow(picture, (1180, 300), 620, (255, 138, 76))
    beams = _plain((0, 0, 0))
    draw = ImageDraw.Draw(beams)
    for x, lean, colour in (
        (260, 330, (70, 46, 120)),
        (640, 120, (96, 40, 110)),
        (1040, -140, (112, 56, 84)),
        (1420, -380, (70, 46, 120)),
    ):
        draw.polygon([(x, -20), (x + lean - 190, HEIGHT), (x + lean + 190, HEIGHT)], fill=colour)
    picture = ImageChops.screen(picture, beams.filter(ImageFilter.GaussianBlur(14)))
    draw = ImageDraw.Draw(picture)
    draw.ellipse((1000, 120, 1360, 480), fill=(255, 176, 92))
    for ring in range(5):
        reach = 40 + 34 * ring
        box = (1180 - reach, 300 - reach, 1180 + reach, 300 + reach)
        draw.ellipse(box, outline=(214, 112, 58), width=6)
    for string in range(6):
        y = 560 + 22 * string
        wave = [(x, y + 34 * math.sin(x / 190 + string / 3)) for x in range(0, WIDTH + 1, 20)]
        draw.line(wave, fill=(255, 204, 140), width=3, joint="curve")
    for head in range(27):
        x, size = 30 + 60 * head, 40 + 13 * (head * 7 % 4)
        top = 800 - 17 * (head * 5 % 4)
        draw.ellipse((x - size // 2, top, x + size // 2, top + size), fill=(10, 6, 26))
        draw.rounded_rectangle((x - size, top + size - 4, x + size, HEIGHT + 60), 40, (10, 6, 26))
    return picture


def _food() -> Image.Image:
    """A market in the evening: flags, strings of lamps, striped roofs."""
    picture = _gradient((255, 158, 94), (255, 221, 158))
    picture = _glow(picture, (380, 420), 560, (255, 120, 80))
    draw = ImageDraw.Draw(picture)
    draw.ellipse((270, 310, 490, 530), fill=(255, 240, 196))
    flags = ((209, 55, 69), (24, 122, 116), (250, 190, 60), (88, 52, 130))
    for row, sag in ((60, 110), (190, 150)):
        line = [(x, row + sag * math.sin(math.pi * x / WIDTH)) for x in range(0, WIDTH + 1, 10)]
        draw.line(line, fill=(96, 50, 44), width=4)
        for number, (x, y) in enumerate(line[2::8]):
            flag = [(x, y), (x + 54, y + 6), (x + 25, y + 76)]
            draw.polygon(flag, fill=flags[(number + row) % len(flags)])
    lamps = _plain((0, 0, 0))
    lights = ImageDraw.Draw(lamps)
    for number in range(17):
        x = 50 + 94 * number
        y = 400 + 60 * math.sin(math.pi * x / WIDTH)
        lights.ellipse((x - 13, y - 13, x + 13, y + 13), fill=(255, 236, 170))
    picture = ImageChops.screen(picture, lamps.filter(ImageFilter.GaussianBlur(18)))
    picture = ImageChops.screen(picture, lamps)
    draw = ImageDraw.Draw(picture)
    for stall, (dark, light) in enumerate(
        (((209, 55, 69), (255, 244, 226)), ((24, 122, 116), (255, 244, 226))) * 2
    ):
        left = 20 + 400 * stall
        draw.rectangle((left + 24, 640, left + 336, HEIGHT), fill=(122, 66, 52))
        draw.rectangle((left + 24, 760, left + 336, HEIGHT), fill=(150, 84, 62))
        for stripe in range(8):
            x = left + 45 * stripe
            fill = light if stripe % 2 else dark
            draw.rectangle((x, 560, x + 45, 660), fill=fill)
            draw.pieslice((x, 637, x + 45, 683), 0, 180, fill=fill)
    return picture


def _letters() -> Image.Image:
    """Round shapes of cut paper, and one stroke of a broad brush."""
    picture = _gradient((250, 244, 232), (240, 228, 208))
    shapes = (
        ((-160, 380, 560, 1100), (226, 110, 80)),
        ((980, -260, 1720, 480), (46, 94, 112)),
        ((470, 90, 830, 450), (240, 188, 84)),
        ((1180, 540, 1480, 840), (164, 190, 160)),
    )
    for box, colour in shapes:
        shade = Image.new("L", (WIDTH, HEIGHT))
        ImageDraw.Draw(shade).ellipse([edge + 14 for edge in box], fill=70)
        shade = shade.filter(ImageFilter.GaussianBlur(22))
        picture = Image.composite(_plain((90, 70, 50)), picture, shade)
        ImageDraw.Draw(picture).ellipse(box, fill=colour)
    draw = ImageDraw.Draw(picture)
    for hair in range(46):
        offset = 3.1 * (hair - 23)
        stroke = [
            (
                180 + 1240 * step / 120,
                600 - 250 * math.sin(step / 120 * 2 * math.pi) * (1 - step / 300) + offset,
            )
            for step in range(hair * 5 % 7, 120 - hair * 11 % 13)
        ]
        draw.line(stroke, fill=(34, 30, 40), width=4, joint="curve")
    return picture


_PICTURES: Final[Mapping[str, Callable[[], Image.Image]]] = {
    "jazz": _jazz,
    "food": _food,
    "letters": _letters,
}
