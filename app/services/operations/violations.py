from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Violation:
    """Something that breaks one of the invariants of docs/reliability.md."""

    rule: str
    wrong: str
    row: dict[str, Any]

    def __str__(self) -> str:
        facts = ", ".join(f"{name} {value}" for name, value in self.row.items())
        return f"{self.rule}: {self.wrong} ({facts})"
