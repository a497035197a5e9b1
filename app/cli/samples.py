"""`samples`: three events with weeks of sales, to look at."""

from collections.abc import Callable
from typing import Final

from app.cli.running import CommandLine, Commands
from app.clients.logs import configure_logging
from app.clients.machine import RandomIds
from app.http.services import Services
from app.models.users.users import User
from app.services.users.accounts import OPERATOR

USERNAME: Final = "organizer"
EMAIL: Final = "organizer@example.com"
PASSWORD_LETTERS: Final = 16


def add_to(commands: Commands) -> None:
    parser = commands.add_parser(
        "samples",
        help="make three events with weeks of sales, to look at",
        description="Make three events with pictures, promo codes, orders of the last weeks, "
        "refunds, check-ins of today and a waiting list, as a shop would have them. Only in the "
        "demo environment, with Paystack's simulator and mail in files; the made-up people get no "
        "mail. An account that has events already is left as it is, also if making its "
        "samples was broken off.",
    )
    parser.add_argument(
        "--for",
        dest="name",
        metavar="NAME",
        help="the user name or e-mail address of the account whose events they will be; default: "
        f"the account {USERNAME}, which is opened if there is none",
    )
    parser.set_defaults(run=samples)


def samples(command: CommandLine) -> None:
    with command.ready_context() as context:
        # Each sale is a line of the log otherwise.
        configure_logging(level="WARNING", as_json=context.settings.logs_json)
        context.samples.ensure_offered()
        name = command.words.name
        owner, password = _organizer(context.services) if name is None else (None, None)
        if owner is None:
            owner = context.services.account_control.find(actor=OPERATOR, name=name)
        context.samples.ensure_may(owner)
        if password:  # told now, as what is broken off can be looked at as well
            print(f"Opened the account {owner.username} with the password {password}.")
        print(f"Making three events of {owner.username}, with sales of the last weeks.")
        context.samples.make(owner, _tell_tenths())
    what = f"the password {password}" if password else "its password"
    print(f"Done. Run `make run` and sign in at /sign-in as {owner.username} with {what}.")


def _organizer(services: Services) -> tuple[User, str | None]:
    """The account that is opened for samples; with its password, if that is done now."""
    known = services.users.find(email=EMAIL, username=USERNAME)
    if known is not None:
        return known, None
    password = RandomIds().token()[:PASSWORD_LETTERS]
    opened = services.users.register(
        email=EMAIL, username=USERNAME, password=password, email_is_confirmed=True
    )
    return opened, password


def _tell_tenths() -> Callable[[int], None]:
    """Prints each tenth once."""
    told = {0}

    def tell(percent: int) -> None:
        tenth = percent // 10 * 10
        if tenth not in told:
            told.add(tenth)
            print(f"  {tenth:3} %", flush=True)

    return tell
