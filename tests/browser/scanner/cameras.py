"""What Chromium takes for its camera: a film in a file, read each time the camera is opened."""

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw, ImageFilter

WIDTH: Final = 640
HEIGHT: Final = 480
TICKET: Final = 300


@dataclass(frozen=True)
class FilmedCamera:
    """A camera that films one scene for ever.

    Its browser needs ``arguments``; a camera that is already open keeps filming the old scene.
    """

    film: Path

    @property
    def arguments(self) -> tuple[str, ...]:
        return (
            "--use-fake-ui-for-media-stream",
            "--use-fake-device-for-media-stream",
            f"--use-file-for-fake-video-capture={self.film}",
        )

    def see_nothing(self) -> None:
        self._film(_table())

    def see(self, ticket_png: bytes) -> None:
        """A person holds a ticket in front of the camera, not quite straight."""
        scene = _table()
        with Image.open(BytesIO(ticket_png)) as png:
            ticket = png.convert("RGB").resize((TICKET, TICKET))
        sheet = Image.new("RGBA", (TICKET + 24, TICKET + 24), "white")
        sheet.paste(ticket, (12, 12))
        held = sheet.rotate(4, expand=True, resample=Image.Resampling.BICUBIC)
        scene.paste(held, ((WIDTH - held.width) // 2, (HEIGHT - held.height) // 2), held)
        self._film(scene.filter(ImageFilter.GaussianBlur(0.6)))

    def _film(self, scene: Image.Image) -> None:
        """One picture as YUV4MPEG2, half as many colours as pixels in each direction."""
        luma, blue, red = scene.convert("YCbCr").split()
        half = (WIDTH // 2, HEIGHT // 2)
        planes = (luma, blue.resize(half), red.resize(half))
        head = f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420\nFRAME\n".encode()
        self.film.write_bytes(head + b"".join(plane.tobytes() for plane in planes))


def _table() -> Image.Image:
    scene = Image.new("RGB", (WIDTH, HEIGHT), "#3c4652")
    pen = ImageDraw.Draw(scene)
    for at in range(0, HEIGHT, 4):
        shade = 70 + at // 8
        pen.rectangle((0, at, WIDTH, at + 4), fill=(shade, shade - 8, shade - 18))
    return scene
