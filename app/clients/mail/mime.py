"""Mails as they travel: headers, text, HTML and files in one piece."""

import hashlib
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from email import policy
from email.headerregistry import Address, HeaderRegistry
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any, Final

from app.domain.errors import MailRejected
from app.domain.ports import Attachment, Clock, Mail

_NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9_-]")
_LONGEST_NAME = 100

_ENCODED: Final = "=?"
"""How letters beyond ASCII begin in a header; who writes just this means just this."""

_LONGEST_LINE: Final = 78
"""RFC 5322, 2.1.1: what a line should not be longer than."""

_LONGEST_LINE_OF_ALL: Final = 998
"""The same: what it must not be longer than."""

_BREAKING = {"Cc", "Cs", "Zl", "Zp"}
"""Unicode categories that have no place in a header."""

_TURNING: Final = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
"""Bidirectional classes of what changes the direction of the text around it."""


def _folded(header: str) -> list[str]:
    """The header in lines that begin with a blank, but for the first: each as long as may be."""
    first, *words = re.split(r"(?<=\S)(?= +\S)", header)
    lines = [first]
    for word in words:
        # The name of a header is never alone on its line.
        if len(lines[-1]) + len(word) <= _LONGEST_LINE or lines == [first]:
            lines[-1] += word
        else:
            lines.append(word)
    return lines


class _Headers(HeaderRegistry):
    """Makes headers as the library does, but the class of each name once instead of each time."""

    def __init__(self) -> None:
        super().__init__()
        self._classes: dict[str, type] = {}

    def __getitem__(self, name: str) -> type:
        made = self._classes.get(name)
        if made is None:
            made = self._classes[name] = super().__getitem__(name)
        return made


class _Policy(policy.EmailPolicy):
    """The library's policy, which writes headers down as they are if that is how they look.

    It parsed each of them again whenever it looked at one, which took half of a mail's time. And it
    left the first line of a subject of 70 to 77 characters empty, which some readers show.
    """

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        text = str(value)
        if text.isascii() and _ENCODED not in text:
            return name, _line(text)
        return super().header_store_parse(name, value)

    def header_fetch_parse(self, _name: str, value: str) -> Any:
        return value

    def fold_binary(self, name: str, value: str) -> bytes:
        if not hasattr(value, "fold"):
            lines = _folded(f"{name}: {value}")
            if all(len(line) <= _LONGEST_LINE_OF_ALL for line in lines):
                return "".join(f"{line}{self.linesep}" for line in lines).encode("ascii")
        return super().fold_binary(name, value)


# 7bit: any server takes it. Raw UTF-8 in headers only where an address leaves no choice.
_ASCII: Final = _Policy(linesep="\r\n", cte_type="7bit", header_factory=_Headers())
_UTF8: Final = _ASCII.clone(utf8=True)


@dataclass(frozen=True, slots=True)
class MimeMessage:
    sender: str
    to: str
    content: bytes


def write_message(
    mail: Mail, sender: Address, clock: Clock, *, readable: bool = False
) -> MimeMessage:
    """Write the mail down.

    ``readable``: words stand in it as they are (8bit), for people who read and copy from files;
    a mail server may take 7bit only.

    Raises:
        MailRejected: a value does not fit where it belongs, such as a line break in an address.
    """
    try:
        to = _receiver(mail.to)
        reply_to = _receiver(mail.reply_to) if mail.reply_to is not None else sender
        is_ascii = (to.addr_spec + sender.addr_spec + reply_to.addr_spec).isascii()
        as_it_travels = _ASCII if is_ascii else _UTF8
        message = EmailMessage(as_it_travels.clone(cte_type="8bit") if readable else as_it_travels)
        message["From"] = _shown_sender(mail.sender_name, sender)
        message["To"] = to
        if reply_to is not sender:
            message["Reply-To"] = reply_to
        # An event's title may hold tabs or breaks; the buyer shall get the mail all the same.
        message["Subject"] = _line(" ".join(mail.subject.split()))
        message["Date"] = format_datetime(clock.now())
        message["Message-ID"] = f"<{file_safe(mail.key)}@{sender.domain}>"
        message["Auto-Submitted"] = "auto-generated"
        _fill(message, mail, cte="8bit" if readable else None)
        _divide(message, mail)
        return MimeMessage(sender=sender.addr_spec, to=to.addr_spec, content=message.as_bytes())
    except Exception as error:
        # The email package raises a dozen kinds of error for what it cannot write, and none of
        # them goes away by trying again.
        raise MailRejected(f"This cannot be written as a mail: {type(error).__name__}.") from error


def _fill(message: EmailMessage, mail: Mail, *, cte: str | None) -> None:
    message.set_content(mail.text, cte=cte)
    if mail.html is not None:
        message.add_alternative(mail.html, subtype="html", cte=cte)
        *_, page = message.iter_parts()
        for file in mail.attachments:
            if file.content_id:
                cid = f"<{_line(file.content_id)}>"
                _add(file, page.add_related, cid=cid, disposition="inline")
    for file in mail.attachments:
        if mail.html is None or not file.content_id:
            _add(file, message.add_attachment)


def _divide(message: EmailMessage, mail: Mail) -> None:
    """Name the lines between the parts after a hash of the words: no text holds its own hash.

    The library would draw a number and search all of the mail for it.
    """
    words = f"{mail.text}{mail.html}".encode()
    name = hashlib.sha256(words).hexdigest()[:24]
    for number, part in enumerate(part for part in message.walk() if part.is_multipart()):
        part.set_boundary(f"{number}-{name}")


def _add(file: Attachment, add: Callable[..., None], **placing: str) -> None:
    main, _, sub = _line(file.media_type).partition("/")
    add(file.content, maintype=main, subtype=sub, filename=_line(file.name), **placing)


def _line(text: str) -> str:
    """The text, if it can stand in a header.

    The email package lets a break at the very end pass, which would end all the headers.

    Raises:
        ValueError: it has line breaks, control characters or lone surrogates.
    """
    if not text.isprintable() and any(unicodedata.category(letter) in _BREAKING for letter in text):
        raise ValueError("A header's value is one line of text.")
    return text


def _shown_sender(name: str | None, shop: Address) -> Address:
    """The shop's address with this name before its own, as ``Jazz Collective via Tickets``.

    What has no place in a header is left out of the name: it must not keep the mail away, nor
    begin an encoded word or turn what stands behind it around.
    """
    words = " ".join((name or "").split()).replace(_ENCODED, "= ?")
    kept = "".join(
        letter
        for letter in words
        if unicodedata.category(letter) not in _BREAKING
        and unicodedata.bidirectional(letter) not in _TURNING
    )
    if not kept:
        return shop
    return Address(f"{kept} via {shop.display_name or shop.domain}", shop.username, shop.domain)


def _receiver(email: str) -> Address:
    if _ENCODED in email:
        raise ValueError("An encoded word stands for another address than it reads.")
    return one_address(email)


def one_address(text: str) -> Address:
    """The one address in a header's text, ``Name <address>`` or bare.

    Raises:
        ValueError: it holds none, or several.
    """
    header = policy.SMTP.header_factory("To", _line(text))
    if len(header.addresses) != 1:
        raise ValueError("A mail goes to one address.")
    address: Address = header.addresses[0]
    if not address.username or not address.domain or " " in address.addr_spec:
        raise ValueError("An address is a name, an @ and a domain.")
    return address


def file_safe(key: str) -> str:
    """The key, fit for a file name and a Message-ID, and different for different keys."""
    name = _NOT_IN_A_NAME.sub("_", key)[:_LONGEST_NAME]
    if name == key and name:
        return name
    digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{name}-{digest[:16]}"
