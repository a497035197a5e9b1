"""Writes what docs/ and .env.example say about settings and the simulator, from the code.

``python -m scripts.settings_docs`` renews the files; with ``--check`` it only compares.
"""

import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from enum import Enum
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings

from app.config import Settings
from app.paystack_mock.settings import MockSettings
from app.paystack_mock.values.cards import CARDS
from app.paystack_mock.values.magic import BEHAVIOURS

ROOT: Final = Path(__file__).parents[1]
SETTINGS: Final = ROOT / "docs" / "settings.md"
SIMULATOR: Final = ROOT / "docs" / "paystack-simulator.md"
ENV_EXAMPLE: Final = ROOT / ".env.example"

_ISO = TypeAdapter(timedelta)
_ENV_HEAD = """\
# Settings of the shop. Copy this file to .env, take away the # before what you change.
# Environment variables of the same names go first. Lengths of time: seconds, or ISO 8601.
"""


def names_of(settings: type[BaseSettings]) -> dict[str, FieldInfo]:
    """The environment variables the class reads, with what is known of each."""
    prefix = settings.model_config.get("env_prefix", "")
    return {_name(prefix, name, field): field for name, field in settings.model_fields.items()}


def tables() -> dict[str, str]:
    """The tables, by the name in the comments around each."""
    magic = ((f"`{name}@`", meaning) for name, meaning in BEHAVIOURS.items())
    cards = ((card.grouped, card.cvv, card.note) for card in CARDS)
    return {
        "settings": _table(("setting", "default", "what it is"), _rows(Settings)),
        "magic": _table(("address", "what happens"), magic),
        "cards": _table(("number", "CVV", "what it does"), cards),
        "mock": _table(("setting of the simulator", "default", "what it is"), _rows(MockSettings)),
    }


def _rows(settings: type[BaseSettings]) -> Iterator[tuple[str, ...]]:
    for name, field in names_of(settings).items():
        default = written(field.default)
        yield f"`{name}`", f"`{default}`" if default else "", str(field.description)


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def env_example() -> str:
    """A ``.env`` file in which every setting stands, commented out, with its default."""
    parts = [_ENV_HEAD]
    for name, field in names_of(Settings).items():
        parts.append(f"# {field.description}\n#{name}={written(field.default)}\n")
    return "\n".join(parts)


def with_tables(page: str) -> str:
    """The page with its tables renewed; each stands between two HTML comments."""
    for title, table in tables().items():
        begin, end = f"<!-- {title} -->\n", f"<!-- end of {title} -->"
        before, found, rest = page.partition(begin)
        if found:
            _, _, after = rest.partition(end)
            page = f"{before}{begin}{table}{end}{after}"
    return page


def written(value: object) -> str:
    """A value as one writes it into the environment; absent ones are blank."""
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case timedelta():
            return str(_ISO.dump_python(value, mode="json"))
        case Enum():
            return str(value.value)
        case Path():
            return value.as_posix()
        case tuple():
            return str(list(value)).replace("'", '"')
        case _:
            return str(value)


def main(argv: list[str]) -> int:
    """Renew the files, or tell by the exit code whether they are up to date."""
    wanted = {
        **{page: with_tables(page.read_text(encoding="utf-8")) for page in (SETTINGS, SIMULATOR)},
        ENV_EXAMPLE: env_example(),
    }
    if "--check" in argv:
        stale = [
            file.name
            for file, text in wanted.items()
            if not file.exists() or file.read_text(encoding="utf-8") != text
        ]
        for name in stale:
            sys.stderr.write(f"{name} does not tell the settings as they are: make settings-docs\n")
        return 1 if stale else 0
    for file, text in wanted.items():
        file.write_text(text, encoding="utf-8")
    return 0


def _name(prefix: str, name: str, field: FieldInfo) -> str:
    alias = field.validation_alias
    if isinstance(alias, str):
        return alias.upper()
    return f"{prefix}{name}".upper()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
