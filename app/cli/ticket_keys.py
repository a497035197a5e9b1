"""`ticket-keys`: which keys sign tickets, and how to change them."""

import base64
from collections.abc import Sequence
from typing import Final

from app.cli.running import CommandLine, Commands
from app.clients.machine import RandomIds
from app.config import Settings
from app.domain.ports import PublicKey
from app.wiring.adapters import ticket_signer

_LARGEST_NUMBER: Final = 255


def add_to(commands: Commands) -> None:
    parser = commands.add_parser(
        "ticket-keys",
        help="show the public keys of tickets, and how to change the one that signs",
        description="Print the number and public half of each key that tickets are signed with, "
        "and a new secret with what to do to sign with it. The secrets in use are never shown, and "
        "nothing is changed.",
    )
    parser.set_defaults(run=show)


def show(command: CommandLine) -> None:
    settings = command.read_settings()
    signer = ticket_signer(settings)
    keys = signer.public_keys()
    for key in keys:
        use = "signs new tickets" if key.key_id == signer.current_key_id else "is read"
        content = base64.urlsafe_b64encode(key.content).rstrip(b"=").decode()
        print(f"{key.key_id}:pub:{content}  {use}")
    print(_how_to_rotate(settings, keys))


def _how_to_rotate(settings: Settings, keys: Sequence[PublicKey]) -> str:
    place = "the setting TICKET_KEYS"
    if settings.ticket_keys is None:
        place = f"the file {settings.ticket_keys_file or settings.var_dir / 'ticket_key'}"
    return f"""
To sign with a new key, put this at the beginning of {place}
(a secret that has no number there is number 1: write 1: before it), then restart every process:

{_unused_number(keys)}:{RandomIds().token()},

Tickets signed before stay good, as their keys are still read. Whenever you like, write a key's line
from above, with pub:, in place of its secret; take it away after the last event it signed for."""


def _unused_number(keys: Sequence[PublicKey]) -> int:
    """One above all others: a number that was removed may still be on a ticket."""
    taken = {key.key_id for key in keys}
    above = max(taken) + 1
    if above <= _LARGEST_NUMBER:
        return above
    return next(number for number in range(1, above) if number not in taken)
