"""What a command is given to run with."""

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeAlias

from app.cli.failure import CommandFailed
from app.cli.terminal import Terminal
from app.clients.logs import configure_logging
from app.config import Settings
from app.database.migrations import SchemaTooNew, migrate
from app.database.schema import schema_state
from app.domain.operations.database_status import SchemaState
from app.wiring.command_context import CommandContext, command_context

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandLine:
    """The parsed arguments, and where the answers go."""

    words: argparse.Namespace
    terminal: Terminal
    read_settings: Callable[[], Settings]

    @contextmanager
    def context(self) -> Iterator[CommandContext]:
        """The shop's services without its server; log lines go to standard error."""
        settings = self.read_settings()
        configure_logging(level=settings.log_level, as_json=settings.logs_json)
        with command_context(settings) as context:
            yield context

    @contextmanager
    def ready_context(self) -> Iterator[CommandContext]:
        """The same on a database that is up to date.

        Raises:
            CommandFailed: it is not, and the settings say not to change that on start.
            StartRefused: it is too new, or could not be brought up to date.
        """
        with self.context() as context:
            if context.settings.migrates_on_start:
                migrate(context.database)
            _ensure_migrated(context)
            yield context

    @contextmanager
    def migrated_context(self) -> Iterator[CommandContext]:
        """The same for a command that only looks, and so does not bring anything up to date.

        Raises:
            CommandFailed: the database is not.
            StartRefused: it is too new.
        """
        with self.context() as context:
            _ensure_migrated(context)
            yield context


def _ensure_migrated(context: CommandContext) -> None:
    match schema_state(context.database):
        case SchemaState.MISSING:
            raise CommandFailed("the database is not up to date: `python -m app.cli migrate`")
        case SchemaState.INCOMPATIBLE:
            raise SchemaTooNew
