"""Which version of an event a caller has read."""

from dataclasses import dataclass
from typing import Self


def etag_of(version: int) -> str:
    """The event's ETag: the number of its version, quoted (RFC 9110, section 8.8.3)."""
    return f'"{version}"'


@dataclass(frozen=True, slots=True)
class IfMatch:
    """The condition of the header ``If-Match``: one of these ETags, or any (``*``)."""

    etags: frozenset[str] = frozenset()
    is_any: bool = False

    @classmethod
    def of_header(cls, text: str) -> Self:
        """Read a header; what is no ETag of ours matches nothing.

        A weak one counts as well, other than in RFC 9110: compressed answers have it, and it names
        the version, not the bytes.
        """
        if text.strip() == "*":
            return cls(is_any=True)
        return cls(frozenset(each.strip().removeprefix("W/") for each in text.split(",")))

    def holds_for(self, version: int) -> bool:
        return self.is_any or etag_of(version) in self.etags
