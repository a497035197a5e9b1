"""Mail servers on this machine that behave as told, and what their mails say."""

import asyncio
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage, Message
from email.parser import BytesParser
from pathlib import Path
from threading import Thread
from typing import Any

from aiosmtpd.controller import Controller
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from app.domain.ports import Attachment, Mail


class NoonClock:
    def now(self) -> datetime:
        return datetime(2030, 5, 1, 12, tzinfo=UTC)


def make_mail(
    *,
    key: str = "order-5-paid",
    to: str = "ada@example.com",
    subject: str = "Your tickets",
    text: str = "See you there.",
    html: str | None = None,
    attachments: tuple[Attachment, ...] = (),
) -> Mail:
    return Mail(key=key, to=to, subject=subject, text=text, html=html, attachments=attachments)


class Mailbox:
    """What a mail server answers, and what it took."""

    def __init__(self, *, to_recipient: str = "250 ok", to_mail: str | None = "250 ok") -> None:
        self.letters: list[EmailMessage] = []
        self.recipients: list[str] = []
        self._to_recipient = to_recipient
        self._to_mail = to_mail

    async def handle_RCPT(  # noqa: N802 - aiosmtpd looks for this name
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if self._to_recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self._to_recipient

    async def handle_DATA(  # noqa: N802 - aiosmtpd looks for this name
        self, server: Any, session: Any, envelope: Any
    ) -> str:
        if self._to_mail is None:
            server.transport.abort()
            await asyncio.sleep(0)
            return "250 nobody hears this"
        if self._to_mail.startswith("250"):
            self.recipients += envelope.rcpt_tos
            self.letters.append(parsed(envelope.content))
        return self._to_mail


@contextmanager
def serving(box: Mailbox, **options: Any) -> Iterator[int]:
    """A mail server on this machine; gives its port."""
    server = Controller(box, hostname="127.0.0.1", port=free_port(), **options)
    server.start()
    try:
        yield server.port
    finally:
        server.stop()


@contextmanager
def talking(answer: Callable[[socket.socket], None]) -> Iterator[int]:
    """A server with no manners, in a thread; gives its port."""

    def serve() -> None:
        caller, _ = listener.accept()
        with caller:
            try:
                answer(caller)
            except OSError:
                return  # the caller has hung up, which is what some tests are about

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = Thread(target=serve)
        thread.start()
        yield listener.getsockname()[1]
        thread.join()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def parsed(content: bytes) -> EmailMessage:
    message = BytesParser(policy=policy.default).parsebytes(content)
    assert isinstance(message, EmailMessage)
    return message


def lines_of(part: Message) -> list[str]:
    """A part's text as a reader sees it."""
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content.decode("utf-8").splitlines()


def hang(caller: socket.socket, first: bytes) -> None:
    """Say one thing, then listen until the caller hangs up."""
    caller.sendall(first)
    while caller.recv(4096):
        pass


def drip(caller: socket.socket) -> None:
    """Greet, then answer with a line that never ends, often enough to pass for alive."""
    caller.sendall(b"220 hello\r\n")
    caller.settimeout(0.1)
    while True:
        caller.sendall(b"250-x\r\n")
        try:
            if not caller.recv(4096):
                return
        except TimeoutError:
            continue


def take_and_vanish(caller: socket.socket) -> None:
    """Take a mail as promised, then hang up instead of answering to QUIT."""
    with caller.makefile("rb") as lines:
        caller.sendall(b"220 hello\r\n")
        for answer in (b"250 hello\r\n", b"250 ok\r\n", b"250 ok\r\n", b"354 go on\r\n"):
            lines.readline()
            caller.sendall(answer)
        while lines.readline() != b".\r\n":
            pass
        caller.sendall(b"250 taken\r\n")


def write_certificate(file: Path) -> None:
    """Write a key and a certificate for ``localhost`` that only trusts itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2120, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + signed.public_bytes(serialization.Encoding.PEM)
    )


def server_side(certificate: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    return context
