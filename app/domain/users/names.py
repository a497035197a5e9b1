"""Which user names are allowed: none that is, or looks like, the name of another account."""

import re
import unicodedata
from typing import Final

from app.domain.text import NOT_IN_A_LINE, address_key, name_key, search_key

USERNAME_KEY: Final = 256
EMAIL_KEY: Final = 512
TICKET_TYPE_KEY: Final = 400
PROMO_CODE_KEY: Final = 256
"""Characters of the columns that hold keys. One character may become 18 in its key (U+FDFA)."""

FULL_NAME_KEY: Final = 160
"""The same of names that people go by, which need not be whole: they are only searched for."""

_NO_USERNAME: Final = re.compile(rf"[\s@/{NOT_IN_A_LINE}]")
_ENCODED_WORD: Final = "=?"
"""How RFC 2047 writes other letters: mail programs would read another address."""

_BLANK: Final = re.compile(
    "["
    "\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\uffa0"  # joiners, fillers, a blank
    "\ufe00-\ufe0f\U000e0000-\U000e0fff"  # variation selectors, tags
    "]"
)
"""Characters that show nothing, besides the format characters of category Cf."""

_TOGETHER: Final = (
    frozenset({"LATIN", "CJK", "HIRAGANA", "KATAKANA"}),
    frozenset({"LATIN", "CJK", "BOPOMOFO"}),
    frozenset({"LATIN", "CJK", "HANGUL"}),
)
"""Scripts that are written together ("highly restrictive", Unicode Technical Standard 39, 5.2)."""

_SAME_SCRIPT: Final = {"IDEOGRAPHIC": "CJK"}
_NO_SCRIPT: Final = frozenset({"MODIFIER", "KATAKANA-HIRAGANA"})


_DELETED: Final = "deleted.invalid"
"""A reserved domain (RFC 2606); addresses in it are refused when accounts are opened."""


def address_of_deleted(user_id: int) -> str:
    """What stands in place of a deleted account's address."""
    return f"deleted-{user_id}@{_DELETED}"


GUEST: Final = "GUEST:"
"""Begins the key of a guest's address. Keys of other addresses and of names have no capitals."""


def guest_key(email: str) -> str:
    """The form in which addresses of guests are compared: no account's address has it."""
    return f"{GUEST}{address_key(email)}"


def is_of_deleted(address: str) -> bool:
    """Whether mail to it reaches no one any more."""
    return address.endswith(f"@{_DELETED}")


def ensure_username(name: str) -> str:
    """The user name, if it is one that looks like no other.

    Raises:
        ValueError: it is not; the text says what is wrong.
    """
    ensure_own_name(name)
    scripts = _scripts_of(name_key(name))
    if len(scripts) > 1 and not any(scripts <= together for together in _TOGETHER):
        mixed = " and ".join(sorted(script.capitalize() for script in scripts))
        raise ValueError(f"must not mix letters of several scripts ({mixed})")
    return name


def ensure_own_name(name: str) -> None:
    """Refuse a user name that stands for something else: its key may hold what it does not.

    Raises:
        ValueError: it does; the text says what is wrong.
    """
    ensure_key_fits(name, USERNAME_KEY)
    if _NO_USERNAME.search(name_key(name)):
        raise ValueError("must not contain spaces, '@' or '/', nor characters that stand for them")
    _ensure_visible(name)


def ensure_address(email: str) -> str:
    """The e-mail address, if mail programs and the shop's lookups read the same one in it.

    Raises:
        ValueError: they do not; the text says what is wrong.
    """
    ensure_key_fits(email, EMAIL_KEY - len(GUEST))
    if name_key(email).count("@") != 1:
        raise ValueError("must contain '@' once, and no characters that stand for it")
    if _ENCODED_WORD in email:
        raise ValueError("must not contain '=?', which mail programs read as another address")
    _ensure_visible(email)
    return email


def full_name_key(name: str) -> str | None:
    """The form in which a name that a person goes by is searched for; ``None``: it has no words."""
    return " ".join(search_key(name).split())[:FULL_NAME_KEY] or None


def is_address(name: str) -> bool:
    """Whether a name is an e-mail address rather than a user name, which has no ``@``."""
    return "@" in name_key(name)


def ensure_key_fits(text: str, longest: int) -> str:
    """The text, if the form in which it is compared is not too long to be kept.

    Raises:
        ValueError: it is too long.
    """
    if len(name_key(text)) > longest:
        raise ValueError(f"must have at most {longest} characters when ligatures are written out")
    return text


def _ensure_visible(text: str) -> None:
    if _BLANK.search(text) or any(unicodedata.category(c) in {"Cf", "Co", "Cn"} for c in text):
        raise ValueError("must not contain invisible characters")


def _scripts_of(text: str) -> frozenset[str]:
    """The scripts of the letters, by the first word of their Unicode names."""
    words = (unicodedata.name(c, "").partition(" ")[0] for c in text if c.isalpha())
    scripts = (_SAME_SCRIPT.get(word, word) for word in words if word)
    return frozenset(script for script in scripts if script not in _NO_SCRIPT)
