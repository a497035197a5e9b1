"""What samples are made with in place of real adapters."""

from datetime import datetime

from app.clients.pictures.qr import QrCodes
from app.domain.ports import Mail
from app.domain.ports.tickets import DEFAULT_PIXELS


class MovedClock:
    """A clock that stands still until it is moved."""

    def __init__(self, at: datetime) -> None:
        self._at = at

    def now(self) -> datetime:
        return self._at

    def move_to(self, at: datetime) -> None:
        self._at = at


class UnsentMail:
    """Takes mails to made-up people, and sends none."""

    def send(self, mail: Mail) -> None:
        """Forget the mail."""


class UndrawnCodes(QrCodes):
    """Draws no pictures for mails that are not sent: they take half the time of all."""

    def png(
        self,
        text: str,  # noqa: ARG002  (as the port has it)
        *,
        caption: str = "",  # noqa: ARG002  (as the port has it)
        pixels: int = DEFAULT_PIXELS,  # noqa: ARG002  (as the port has it)
    ) -> bytes:
        """No picture."""
        return b""
