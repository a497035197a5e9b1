"""Every command, and what they have in common: settings, log lines, refusals in words."""

import argparse
import sys
from collections.abc import Callable, Sequence
from typing import Final

from app.cli import accounts, checks, database, demo, samples, ticket_keys, work
from app.cli.failure import CommandFailed
from app.cli.running import CommandLine
from app.cli.terminal import Terminal
from app.config import ConfigurationError, Settings, read_settings
from app.domain.errors import StartRefused, TicketingError

COMMANDS: Final = (demo, samples, accounts, database, work, checks, ticket_keys)


def main(
    argv: Sequence[str] | None = None,
    *,
    terminal: Terminal | None = None,
    settings: Callable[[], Settings] = read_settings,
) -> int:
    """Run one command; tell its exit code: 0 done, 1 refused or failed, 2 not understood."""
    words = _parser().parse_args(argv)
    command = CommandLine(words=words, terminal=terminal or Terminal(), read_settings=settings)
    try:
        words.run(command)
    except (CommandFailed, ConfigurationError, StartRefused) as error:
        reason = str(error)
    except TicketingError as error:
        reason = error.detail
    except KeyboardInterrupt:
        reason = "stopped"
    else:
        return 0
    print(f"{words.command}: {reason}", file=sys.stderr)
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m app.cli",
        description="Commands for the operator of the shop. They read the same settings as the "
        "server: environment variables and the file .env.",
        epilog="`python -m app.cli COMMAND --help` tells more about a command.",
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for module in COMMANDS:
        module.add_to(commands)
    return parser
