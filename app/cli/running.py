"""What a command is given to run with."""

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.cli.failure import CommandFailed
from app.cli.terminal import Terminal
from app.clients.logs import configure_logging
from app.config import Settings
from app.domain.operations.schema_states import SchemaState
from app.repositories.migrations import SchemaTooNew
from app.wiring.backstage import Backstage, open_backstage

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandLine:
    """The parsed arguments, and where the answers go."""

    words: argparse.Namespace
    terminal: Terminal
    read_settings: Callable[[], Settings]

    @contextmanager
    def backstage(self) -> Iterator[Backstage]:
        """The shop's services without its server; log lines go to standard error."""
        settings = self.read_settings()
        configure_logging(level=settings.log_level, as_json=settings.logs_json)
        with open_backstage(settings) as backstage:
            yield backstage

    @contextmanager
    def ready_backstage(self) -> Iterator[Backstage]:
        """The same on a database that is up to date.

        Raises:
            CommandFailed: it is not, and the settings say not to change that on start.
            StartRefused: it is too new, or could not be brought up to date.
        """
        with self.backstage() as backstage:
            if backstage.settings.migrates_on_start:
                backstage.migrate()
            _ensure_migrated(backstage)
            yield backstage

    @contextmanager
    def migrated_backstage(self) -> Iterator[Backstage]:
        """The same for a command that only looks, and so does not bring anything up to date.

        Raises:
            CommandFailed: the database is not.
            StartRefused: it is too new.
        """
        with self.backstage() as backstage:
            _ensure_migrated(backstage)
            yield backstage


def _ensure_migrated(backstage: Backstage) -> None:
    match backstage.schema_state():
        case SchemaState.MISSING:
            raise CommandFailed("the database is not up to date: `python -m app.cli migrate`")
        case SchemaState.INCOMPATIBLE:
            raise SchemaTooNew
