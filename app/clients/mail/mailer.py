"""Mail: written to files on a laptop, handed to a mail server elsewhere."""

import os
import smtplib
import socket
import ssl
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from threading import Timer
from urllib.parse import parse_qsl, unquote, urlsplit

from app.clients.mail.mime import MimeMessage, file_safe, one_address, write_message
from app.domain.errors import MailerUnavailable, MailRejected
from app.domain.ports import Clock, Mail

DEFAULT_SENDER = "Tickets <tickets@example.com>"

_LONGEST_REASON = 200
_FIRST_PERMANENT_CODE = 500
_DEFAULT_PORTS = {"smtp": 587, "smtps": 465}
_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")


class FileMailer:
    """Puts each mail into a folder as an ``.eml`` file, which mail programs open.

    The file is named after the mail's key, so a mail sent twice is still one file.

    Args:
        folder: where to; made when the first mail comes.
        clock: dates the mails.
        sender: who the mails are from, ``Name <address>``.
    """

    def __init__(self, folder: Path, *, clock: Clock, sender: str = DEFAULT_SENDER) -> None:
        self._folder = folder.absolute()
        self._clock = clock
        self._sender = one_address(sender)

    def send(self, mail: Mail) -> None:
        """Write the mail; a reader never sees half of it.

        Raises:
            MailRejected: it cannot be written down as a mail.
            MailerUnavailable: the file cannot be written.
        """
        letter = write_message(mail, self._sender, self._clock, readable=True)
        try:
            self._write(f"{file_safe(mail.key)}.eml", letter.content)
        except OSError as error:
            raise MailerUnavailable(f"The mail cannot be written: {error.strerror}.") from error

    def _write(self, name: str, content: bytes) -> None:
        try:
            _write_at_once(self._folder / name, content)
        except FileNotFoundError:  # the first mail, or the folder was removed
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write_at_once(self._folder / name, content)


class SmtpMailer:
    """Hands mail to a mail server, one connection a mail.

    Args:
        url: ``smtp://user:password@host:587`` (STARTTLS) or ``smtps://…:465`` (TLS from the
            start); user and password are percent-encoded. ``?starttls=require``, ``offered`` or
            ``never`` says what a plain connection is good for; without it, it is ``require`` when
            a password would travel to another machine and else ``offered``.
        sender: who the mails are from, ``Name <address>``.
        timeout: for connecting and greeting, and once more for all the rest.
        clock: dates the mails.
        trust: which certificates to believe; the machine's own set by default.

    Raises:
        ValueError: the URL or the sender makes no sense. The message does not repeat the URL.
    """

    def __init__(
        self,
        url: str,
        sender: str,
        timeout: timedelta,
        *,
        clock: Clock,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        self._server = _server(url)
        self._sender = one_address(sender)
        self._timeout = timeout.total_seconds()
        self._clock = clock
        self._trust = trust or ssl.create_default_context()

    def __repr__(self) -> str:
        return f"SmtpMailer({self._server})"

    def send(self, mail: Mail) -> None:
        """Hand the mail over. It may arrive twice if the server's last word gets lost.

        Raises:
            MailRejected: the server refused the recipient or the mail for good (5xx).
            MailerUnavailable: anything else went wrong, also with our own name or password.
        """
        letter = write_message(mail, self._sender, self._clock)
        try:
            with self._connection() as smtp:
                _hand_over(smtp, letter)
        except smtplib.SMTPRecipientsRefused as error:
            raise _refusal(*next(iter(error.recipients.values()))) from error
        except smtplib.SMTPDataError as error:
            raise _refusal(error.smtp_code, error.smtp_error) from error
        except (OSError, ValueError) as error:  # smtplib's own errors are OSErrors
            raise MailerUnavailable(
                f"The mail server cannot be used: {type(error).__name__}."
            ) from error

    @contextmanager
    def _connection(self) -> Iterator[smtplib.SMTP]:
        smtp = self._connected()
        # The library's time-out is for each read, so a server that drips would hold us for ever.
        deadline = Timer(self._timeout, _cut, [smtp])
        deadline.daemon = True
        deadline.start()
        try:
            self._log_in(smtp)
            yield smtp
        finally:
            deadline.cancel()
            smtp.close()

    def _connected(self) -> smtplib.SMTP:
        server = self._server
        # Without a name of our own the library asks the DNS for one, which can take seconds.
        name = self._sender.domain
        if server.is_tls_from_start:
            return smtplib.SMTP_SSL(
                server.host, server.port, name, timeout=self._timeout, context=self._trust
            )
        return smtplib.SMTP(server.host, server.port, name, timeout=self._timeout)

    def _log_in(self, smtp: smtplib.SMTP) -> None:
        smtp.ehlo_or_helo_if_needed()
        wanted = self._server.starttls
        if wanted == "require" or (wanted == "offered" and smtp.has_extn("starttls")):
            smtp.starttls(context=self._trust)
        if self._server.user:
            smtp.login(self._server.user, self._server.password)


@dataclass(frozen=True, slots=True)
class _Server:
    """Where mail goes. ``starttls`` is ``require``, ``offered`` or ``never``."""

    host: str
    port: int
    is_tls_from_start: bool
    starttls: str
    user: str = field(repr=False)
    password: str = field(repr=False)


def _server(url: str) -> _Server:
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname
        options = dict(parse_qsl(parts.query, strict_parsing=bool(parts.query)))
    except ValueError:
        # The library's message repeats a piece of the URL, which may be the password.
        raise ValueError("The mail server's URL cannot be read.") from None
    if parts.scheme not in _DEFAULT_PORTS or not host or parts.path not in ("", "/"):
        raise ValueError("The mail server's URL is smtp://host:port or smtps://host:port.")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if not (user + password).isascii():
        raise ValueError("The mail server's user and password must be ASCII.")
    is_tls_from_start = parts.scheme == "smtps"
    return _Server(
        host=host,
        port=port or _DEFAULT_PORTS[parts.scheme],
        is_tls_from_start=is_tls_from_start,
        starttls="never" if is_tls_from_start else _starttls(options, host, bool(user)),
        user=user,
        password=password,
    )


def _starttls(options: dict[str, str], host: str, has_password: bool) -> str:
    safest = "require" if has_password and host not in _THIS_MACHINE else "offered"
    chosen = options.pop("starttls", safest)
    if options or chosen not in ("require", "offered", "never"):
        raise ValueError("A mail server's URL takes ?starttls=require, offered or never.")
    return chosen


def _write_at_once(path: Path, content: bytes) -> None:
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        Path(draft).replace(path)
    except OSError:
        Path(draft).unlink(missing_ok=True)
        raise


def _hand_over(smtp: smtplib.SMTP, letter: MimeMessage) -> None:
    options: list[str] = []
    if not (letter.to + letter.sender).isascii():
        if not smtp.has_extn("smtputf8"):
            raise MailRejected("The mail server takes no addresses beyond ASCII.")
        options = ["SMTPUTF8", "BODY=8BITMIME"]
    smtp.sendmail(letter.sender, [letter.to], letter.content, mail_options=options)
    with suppress(OSError):  # the mail is theirs now; a bad goodbye must not send it again
        smtp.quit()


def _refusal(code: int, reason: bytes | str) -> MailRejected | MailerUnavailable:
    text = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else reason
    printable = "".join(letter if letter.isprintable() else " " for letter in text)
    sentence = f"The mail server answered {code}: {printable[:_LONGEST_REASON]}"
    return MailRejected(sentence) if code >= _FIRST_PERMANENT_CODE else MailerUnavailable(sentence)


def _cut(smtp: smtplib.SMTP) -> None:
    """End a conversation from another thread: a read that waits returns the end of the stream."""
    if smtp.sock is not None:
        with suppress(OSError):
            # The plain socket's method: the TLS one would pull the rug from under the reader.
            socket.socket.shutdown(smtp.sock, socket.SHUT_RDWR)
