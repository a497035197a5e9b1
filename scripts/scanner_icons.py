"""Draw the icons of the scanner page again: ``python -m scripts.scanner_icons``."""

import sys
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw

FOLDER: Final = Path(__file__).parents[1] / "app" / "static" / "scanner"
SIDES: Final = (192, 512)
GROUND: Final = "#12263a"
FRAME: Final = "#ffffff"
TICK: Final = "#4ade80"
FINER: Final = 4
"""Drawn this much larger, then made smaller, so that edges are smooth."""


def draw(side: int) -> Image.Image:
    """A tick in the corners of a view-finder, clear of the edges that phones may cut off."""
    picture = Image.new("RGB", (side * FINER, side * FINER), GROUND)
    pen = ImageDraw.Draw(picture)
    unit = side * FINER / 100
    for across in (24, 76):
        for down in (24, 76):
            inward = (14 if across < 50 else -14, 14 if down < 50 else -14)
            ends = [(across + inward[0], down), (across, down), (across, down + inward[1])]
            _line(pen, ends, unit, width=6, colour=FRAME)
    _line(pen, [(36, 52), (46, 62), (65, 40)], unit, width=8, colour=TICK)
    return picture.resize((side, side), Image.Resampling.LANCZOS)


def _line(
    pen: ImageDraw.ImageDraw,
    points: list[tuple[int, int]],
    unit: float,
    *,
    width: int,
    colour: str,
) -> None:
    placed = [(x * unit, y * unit) for x, y in points]
    pen.line(placed, fill=colour, width=round(width * unit), joint="curve")
    for x, y in placed:
        half = width * unit / 2
        pen.ellipse((x - half, y - half, x + half, y + half), fill=colour)


def main() -> None:
    for side in SIDES:
        draw(side).save(FOLDER / f"icon-{side}.png", optimize=True)
        sys.stdout.write(f"icon-{side}.png\n")


if __name__ == "__main__":
    main()
