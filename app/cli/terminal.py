"""The person in front of the command line."""

import getpass
import sys

from app.cli.failure import CommandFailed


class Terminal:
    """Reads from a keyboard, or from what was piped in."""

    def line(self, question: str) -> str:
        """Ask for a line that may be seen.

        Raises:
            CommandFailed: no terminal is there to answer.
        """
        self._ensure_interactive(question)
        return input(question).strip()

    def secret(self, question: str) -> str:
        """Ask for a line without showing what is typed.

        Raises:
            CommandFailed: no terminal is there to answer.
        """
        self._ensure_interactive(question)
        return getpass.getpass(question)

    def piped_line(self) -> str:
        """The first line of what was piped in; blanks belong to it, the line's end does not."""
        return sys.stdin.readline().rstrip("\r\n")

    @staticmethod
    def _ensure_interactive(question: str) -> None:
        if not sys.stdin.isatty():
            raise CommandFailed(
                f"no terminal is there to answer {question.strip()!r}; see --help for the option"
            )
