"""Accounts: who may do what, and who may not log in."""

from pydantic import ValidationError

from app.cli.failure import CommandFailed
from app.cli.running import CommandLine, Commands
from app.domain.errors import EmailTaken, UsernameTaken
from app.domain.states import Role
from app.http.services import Services
from app.schemas.users.users import UserCreate
from app.schemas.validation_texts import rule_text
from app.services.users.accounts import OPERATOR

STAND_IN_PASSWORD = "-" * 8
"""Keeps the rules for names apart from those for the password, which is asked for later."""

ABOUT_EXISTING = "If that account is yours, make it an admin with --existing."


def add_to(commands: Commands) -> None:
    create = commands.add_parser(
        "create-admin",
        help="open an account that may do everything, or promote one",
        description="Open an account with the role admin. What is not given is asked for; the "
        "password is never shown and never a parameter. An account that exists already is left as "
        "it is, as anyone may have opened it: --existing promotes the one that has both this "
        "e-mail address and this user name. It keeps its password and must have confirmed its "
        "address; with --password-stdin it gets this password, and all its logins end.",
    )
    create.add_argument("--email", help="where its mail goes")
    create.add_argument("--username", help="what it logs in with")
    create.add_argument(
        "--password-stdin", action="store_true", help="read the password from standard input"
    )
    create.add_argument(
        "--existing", action="store_true", help="promote the account that has both names"
    )
    create.set_defaults(run=create_admin)

    change = commands.add_parser(
        "set-role",
        help="change what an account may do",
        description="A buyer buys, an organizer also creates and edits events, an admin also "
        "those of others. It counts from the account's next call on. By its e-mail address an "
        "account is named only once it has confirmed the address.",
    )
    change.add_argument("name", metavar="NAME", help="its user name or e-mail address")
    change.add_argument("role", choices=[str(role) for role in Role], help="its new role")
    change.set_defaults(run=set_role)

    for name, run, help_ in (
        ("disable-account", disable, "end all logins of an account and let it log in no more"),
        ("enable-account", enable, "let a disabled account log in again"),
        ("log-out", log_out, "end all logins of an account; it may log in again"),
    ):
        control = commands.add_parser(name, help=help_, description=f"{help_.capitalize()}.")
        control.add_argument("name", metavar="NAME", help="its user name or e-mail address")
        control.set_defaults(run=run)
    reset = commands.add_parser(
        "reset-two-step",
        help="let an account sign in without the code of an app again",
        description="For an owner who has lost the authenticator app and the recovery codes. Make "
        "sure first that it is the owner who asks: the password alone is enough then. All "
        "logins of the account end, and a mail tells its owner.",
    )
    reset.add_argument("name", metavar="NAME", help="its user name or e-mail address")
    reset.set_defaults(run=reset_two_step)
    _add_deletion(commands)


def _add_deletion(commands: Commands) -> None:
    delete = commands.add_parser(
        "delete-account",
        help="empty an account of all that tells whose it was",
        description="Delete an account whose owner asked for it, for good: name, address, password "
        "and logins. Orders and payments stay without names. It is refused, and told why, while "
        "something would be lost.",
    )
    delete.add_argument("name", metavar="NAME", help="its user name or e-mail address")
    delete.add_argument("--yes", action="store_true", help="do not ask")
    delete.set_defaults(run=delete_account)


def create_admin(command: CommandLine) -> None:
    email = command.words.email or command.terminal.line("E-mail address: ")
    username = command.words.username or command.terminal.line("User name: ")
    names = _checked(email, username, STAND_IN_PASSWORD)
    with command.ready_context() as context:
        if command.words.existing:
            _promote(command, context.services, names)
            return
        account = _checked(email, username, _password(command))
        try:
            context.services.users.register(
                email=account.email,
                username=account.username,
                password=account.password,
                role=Role.ADMIN,
                email_is_confirmed=True,
            )
        except (EmailTaken, UsernameTaken) as error:
            raise CommandFailed(f"{error} {ABOUT_EXISTING}") from None
        print(f"Opened the account {account.username} <{account.email}> with the role admin.")


def set_role(command: CommandLine) -> None:
    role = Role(command.words.role)
    with command.ready_context() as context:
        user = context.services.users.set_role(name=command.words.name, role=role)
        print(f"{user.username} <{user.email}> has the role {role} now.")


def disable(command: CommandLine) -> None:
    _set_disabled(command, disabled=True)


def enable(command: CommandLine) -> None:
    _set_disabled(command, disabled=False)


def _set_disabled(command: CommandLine, *, disabled: bool) -> None:
    with command.ready_context() as context:
        control = context.services.account_control
        user = control.find(actor=OPERATOR, name=command.words.name)
        control.set_disabled(actor=OPERATOR, user_id=user.id, disabled=disabled)
        now = "is disabled and logged out" if disabled else "may log in"
        print(f"{user.username} <{user.email}> {now} now.")


def log_out(command: CommandLine) -> None:
    with command.ready_context() as context:
        control = context.services.account_control
        user = control.find(actor=OPERATOR, name=command.words.name)
        control.log_out(actor=OPERATOR, user_id=user.id)
        print(f"{user.username} <{user.email}> is logged out everywhere.")


def reset_two_step(command: CommandLine) -> None:
    with command.ready_context() as context:
        services = context.services
        user = services.account_control.find(actor=OPERATOR, name=command.words.name)
        services.two_step.reset(actor=OPERATOR, user_id=user.id)
        print(f"{user.username} <{user.email}> signs in with the password alone now.")


def delete_account(command: CommandLine) -> None:
    with command.ready_context() as context:
        services = context.services
        user = services.account_control.find(actor=OPERATOR, name=command.words.name)
        question = f"Delete {user.username} <{user.email}> for good? Type its user name: "
        if not command.words.yes and command.terminal.line(question) != user.username:
            raise CommandFailed("nothing was deleted")
        services.account_deletion.delete(actor=OPERATOR, user_id=user.id)
        print(f"{user.username} is deleted. Its id was {user.id}.")


def _promote(command: CommandLine, services: Services, names: UserCreate) -> None:
    password = None
    if command.words.password_stdin:
        password = _checked(names.email, names.username, _password(command)).password
    user = services.users.promote(email=names.email, username=names.username, password=password)
    about_password = "its own password" if password is None else "the password that was given"
    print(f"{user.username} <{user.email}> has the role admin now, and {about_password}.")


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
            f"{'.'.join(str(part) for part in mistake['loc'])}: {rule_text(mistake)}"
            for mistake in error.errors(include_input=False, include_url=False)
        )
        raise CommandFailed("; ".join(mistakes)) from None
