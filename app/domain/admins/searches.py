"""What admins search for: everything a caller may quote, told apart by its form."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.domain.ids import MAX_ID
from app.domain.text import address_key, name_key
from app.domain.tickets.ticket_codes import is_typed, typed
from app.domain.users.names import full_name_key, guest_key, is_address

SHORTEST_BEGINNING: Final = 3
"""Characters from which on words may be the beginning of a name; fewer are a whole one."""

MOST_WORDS_OF_A_NAME: Final = 4
"""So many words of a name are looked for; those after them are left out."""

_MAIL: Final = re.compile(r"<?outbox-([0-9]{1,15})(-[0-9]{1,9})?(@.{0,300})?")
"""The key of a mail, as its header ``Message-ID`` and the mail server's log have it."""


@dataclass(frozen=True, slots=True)
class Quoted:
    """Search words, in each form in which they may be stored.

    ``number`` is that of a row, such as ``17`` or ``#17``.
    """

    words: str

    @property
    def number(self) -> int | None:
        digits = self.words.removeprefix("#")
        is_number = digits.isascii() and digits.isdecimal() and len(digits) <= len(str(MAX_ID))
        return int(digits) if is_number and 0 < int(digits) <= MAX_ID else None

    @property
    def mail_number(self) -> int | None:
        """The number of a mail, also by its ``Message-ID``."""
        found = _MAIL.fullmatch(self.words)
        return int(found[1]) if found else self.number

    @property
    def is_address(self) -> bool:
        return is_address(self.words)

    @property
    def is_beginning(self) -> bool:
        """Whether the words are enough to be the beginning of a name."""
        return len(self.name) >= SHORTEST_BEGINNING

    @property
    def name(self) -> str:
        """As keys of user names are."""
        return name_key(self.words)

    @property
    def address(self) -> str:
        """As keys of accounts' addresses are."""
        return address_key(self.words)

    @property
    def key(self) -> str:
        """What the words are compared as, and kept as in the log."""
        return self.address if self.is_address else self.name

    @property
    def guest(self) -> str:
        """As keys of guests' addresses are."""
        return guest_key(self.words)

    @property
    def full_names(self) -> Sequence[tuple[str, Sequence[str]]]:
        """How a name that a person goes by may begin, each with the words that it has besides.

        Surnames come first or last, and middle names are left out: each word may be the first.
        The last one that was typed need not be whole.
        """
        words = (full_name_key(self.words) or "").split()[:MOST_WORDS_OF_A_NAME]
        if self.is_address:
            return ()
        beginnings = [f"{word} " for word in words[:-1]] + words[-1:]
        return [
            (beginning, [other for other in words if other != words[place]])
            for place, beginning in enumerate(beginnings)
            if len(beginning) >= SHORTEST_BEGINNING
        ]

    @property
    def ticket_code(self) -> str | None:
        """The short code of a ticket, as it is kept; ``None``: it has not the form of one."""
        return typed(self.words) if is_typed(self.words) else None
