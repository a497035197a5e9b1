"""`create-admin` and `set-role`: who may do what."""

from typing import TYPE_CHECKING

from pydantic import ValidationError

from app.cli.failure import CommandFailed
from app.cli.running import CommandLine
from app.domain.states import Role
from app.routers.services import Services
from app.schemas.users import UserCreate

if TYPE_CHECKING:
    from app.cli.running import Commands

STAND_IN_PASSWORD = "-" * 8
"""Keeps the rules for names apart from those for the password, which is asked for later."""


def add_to(commands: "Commands") -> None:
    create = commands.add_parser(
        "create-admin",
        help="open an account that may do everything, or promote one",
        description="Open an account with the role admin. An account that has both this e-mail "
        "address and this user name is promoted instead and keeps its password. What is not "
        "given is asked for; the password is never shown and never a parameter.",
    )
    create.add_argument("--email", help="where its mail goes")
    create.add_argument("--username", help="what it logs in with")
    create.add_argument(
        "--password-stdin", action="store_true", help="read the password from standard input"
    )
    create.set_defaults(run=create_admin)

    change = commands.add_parser(
        "set-role",
        help="change what an account may do",
        description="A buyer buys, an organizer also creates and edits events, an admin also "
        "those of others. It counts from the account's next call on.",
    )
    change.add_argument("name", metavar="NAME", help="its user name or e-mail address")
    change.add_argument("role", choices=[str(role) for role in Role], help="its new role")
    change.set_defaults(run=set_role)


def create_admin(command: CommandLine) -> None:
    email = command.words.email or command.terminal.line("E-mail address: ")
    username = command.words.username or command.terminal.line("User name: ")
    names = _checked(email, username, STAND_IN_PASSWORD)
    with command.ready_backstage() as backstage:
        services = backstage.services
        if services.users.find(email=names.email, username=names.username) is not None:
            _promote(services, names.username)
            return
        account = _checked(email, username, _password(command))
        services.users.register(
            email=account.email,
            username=account.username,
            password=account.password,
            role=Role.ADMIN,
            email_is_confirmed=True,
        )
        print(f"Opened the account {account.username} <{account.email}> with the role admin.")


def set_role(command: CommandLine) -> None:
    role = Role(command.words.role)
    with command.ready_backstage() as backstage:
        user = backstage.services.users.set_role(name=command.words.name, role=role)
        print(f"{user.username} <{user.email}> has the role {role} now.")


def _promote(services: Services, username: str) -> None:
    user = services.users.set_role(name=username, role=Role.ADMIN)
    print(f"{user.username} <{user.email}> existed already and has the role admin now.")


def _password(command: CommandLine) -> str:
    if command.words.password_stdin:
        return command.terminal.piped_line()
    password = command.terminal.secret("Password (at least 8 characters): ")
    if command.terminal.secret("Once more: ") != password:
        raise CommandFailed("the two passwords are not the same")
    return password


def _checked(email: str, username: str, password: str) -> UserCreate:
    """The names and the password by the same rules as over HTTP.

    Raises:
        CommandFailed: one breaks a rule.
    """
    try:
        return UserCreate(email=email, username=username, password=password)
    except ValidationError as error:
        mistakes = (
            f"{'.'.join(str(part) for part in mistake['loc'])}: {mistake['msg']}"
            for mistake in error.errors(include_input=False, include_url=False)
        )
        raise CommandFailed("; ".join(mistakes)) from None
