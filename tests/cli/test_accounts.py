import httpx
import pytest

from app.config import Settings
from app.domain.errors import AccountDisabled, NotLoggedIn, WrongCredentials
from app.domain.states import Role
from app.http.services import Services
from app.wiring.shop import build_app
from tests.cli.conftest import CommandRunner, FakeTerminal
from tests.programs.in_process import InProcess
from tests.steps.two_step import switched_on
from tests.support.factories import Factory
from tests.support.fakes import FakeClock

ADA = ("create-admin", "--email", "ada@example.com", "--username", "ada")
PASSWORD = "correct horse battery"


class TestDeleteAccount:
    def test_deletes_once_the_name_is_typed(
        self, run: CommandRunner, make: Factory, services: Services
    ) -> None:
        make.user(name="ada")

        refused = run(["delete-account", "ada"], FakeTerminal("eda"))
        done = run(["delete-account", "ada@example.com"], FakeTerminal("ada"))

        assert (refused.code, done.code) == (1, 0)
        assert "nothing was deleted" in refused.err
        assert "ada is deleted" in done.out
        assert services.users.find(email="ada@example.com", username="ada") is None

    def test_tells_what_would_be_lost(
        self, run: CommandRunner, make: Factory, services: Services
    ) -> None:
        ada = make.user(name="ada")
        order = make.order(ada, make.event().id)

        outcome = run(["delete-account", "ada", "--yes"], FakeTerminal())

        assert outcome.code == 1
        assert f"still being asked about: {order.id}." in outcome.err
        assert services.users.find(email="ada@example.com", username="ada") is not None


class TestResetTwoStep:
    def test_lets_the_password_alone_sign_in(
        self, run: CommandRunner, make: Factory, services: Services, clock: FakeClock
    ) -> None:
        switched_on(services, clock, make.user(name="ada"))

        done = run(["reset-two-step", "ada"], FakeTerminal())
        again = run(["reset-two-step", "ada@example.com"], FakeTerminal())

        assert (done.code, again.code) == (0, 1)
        assert "signs in with the password alone now" in done.out
        assert services.sessions.log_in(name="ada", password=PASSWORD).access_token


class TestCreateAdmin:
    def test_opens_an_account_that_logs_in_over_the_api(
        self, run: CommandRunner, cli_settings: Settings
    ) -> None:
        outcome = run([*ADA, "--password-stdin"], FakeTerminal(piped=PASSWORD))

        assert outcome.code == 0
        assert "ada <ada@example.com> with the role admin" in outcome.out
        me = self._who_am_i(cli_settings, PASSWORD)
        assert (me["username"], me["role"]) == ("ada", "admin")

    def test_asks_for_what_was_not_given_and_never_shows_the_password(
        self, run: CommandRunner, services: Services
    ) -> None:
        terminal = FakeTerminal("ada@example.com", "ada", PASSWORD, PASSWORD)

        outcome = run(["create-admin"], terminal)

        assert outcome.code == 0
        assert terminal.asked == ["E-mail address: ", "User name: "]
        assert len(terminal.asked_secretly) == 2
        assert PASSWORD not in outcome.out + outcome.err
        assert services.users.find(email="ada@example.com", username="ada") is not None

    def test_refuses_two_different_passwords(self, run: CommandRunner, services: Services) -> None:
        outcome = run(ADA, FakeTerminal(PASSWORD, PASSWORD + "!"))

        assert outcome.code == 1
        assert "not the same" in outcome.err
        assert services.users.find(email="ada@example.com", username="ada") is None

    def test_leaves_an_account_alone_that_exists_already(
        self, run: CommandRunner, make: Factory, services: Services
    ) -> None:
        make.user(name="ada")

        outcome = run([*ADA, "--password-stdin"], FakeTerminal(piped="another good one"))

        assert outcome.code == 1
        assert "--existing" in outcome.err
        ada = services.users.find(email="ada@example.com", username="ada")
        assert ada is not None
        assert ada.role == Role.BUYER

    def test_promotes_a_confirmed_account_that_keeps_its_password(
        self, run: CommandRunner, make: Factory, services: Services
    ) -> None:
        make.user(name="ada")
        terminal = FakeTerminal()
        names = ("--email", "ADA@example.com", "--username", "Ada")

        outcome = run(["create-admin", *names, "--existing"], terminal)

        assert outcome.code == 0
        assert terminal.asked_secretly == []
        ada = services.users.find(email="ada@example.com", username="ada")
        assert ada is not None
        assert ada.role == Role.ADMIN
        services.sessions.log_in(name="ada", password=PASSWORD)

    def test_promotes_no_account_whose_address_anybody_may_have_entered(
        self, run: CommandRunner, services: Services
    ) -> None:
        services.users.register(email="ada@example.com", username="ada", password="mallory's")

        outcome = run([*ADA, "--existing"], FakeTerminal())

        assert outcome.code == 1
        assert "not confirmed" in outcome.err

    def test_takes_an_account_over_with_the_password_that_was_given(
        self, run: CommandRunner, services: Services, cli_settings: Settings
    ) -> None:
        services.users.register(email="ada@example.com", username="ada", password="mallory's")
        login = services.sessions.log_in(name="ada", password="mallory's")

        outcome = run([*ADA, "--existing", "--password-stdin"], FakeTerminal(piped=PASSWORD))

        assert outcome.code == 0
        assert self._who_am_i(cli_settings, PASSWORD)["role"] == "admin"
        with pytest.raises(WrongCredentials):
            services.sessions.log_in(name="ada", password="mallory's")
        with pytest.raises(NotLoggedIn):
            services.sessions.caller(services.sessions.claims_of(login.access_token))

    def test_promotes_nobody_who_shares_only_one_of_the_names(
        self, run: CommandRunner, make: Factory, services: Services
    ) -> None:
        make.user(name="ada")

        outcome = run(
            ["create-admin", "--email", "eve@example.com", "--username", "ada", "--existing"],
            FakeTerminal(),
        )

        assert outcome.code == 1
        assert "No account has" in outcome.err
        ada = services.users.find(email="ada@example.com", username="ada")
        assert ada is not None
        assert ada.role == Role.BUYER

    @pytest.mark.parametrize(
        ("email", "username", "password", "named"),
        [
            ("not an address", "ada", PASSWORD, "email"),
            ("ada@example.com", "a", PASSWORD, "username"),
            ("ada@example.com", "ada@home", PASSWORD, "username"),
            ("ada@example.com", "ada", "short", "password"),
        ],
    )
    def test_holds_the_rules_of_the_api(
        self, email: str, username: str, password: str, named: str, run: CommandRunner
    ) -> None:
        outcome = run(
            ["create-admin", "--email", email, "--username", username, "--password-stdin"],
            FakeTerminal(piped=password),
        )

        assert outcome.code == 1
        assert named in outcome.err
        assert password not in outcome.err or password == PASSWORD

    @staticmethod
    def _who_am_i(settings: Settings, password: str) -> dict[str, str]:
        transport = InProcess(build_app(settings))
        with httpx.Client(transport=transport, base_url="http://shop.test") as client:
            answer = client.post("/token", data={"username": "ada", "password": password})
            token = answer.json()["access_token"]
            me: dict[str, str] = client.get(
                "/users/me", headers={"Authorization": f"Bearer {token}"}
            ).json()
            return me


class TestSetRole:
    @pytest.mark.parametrize("name", ["ada", "ADA@example.com"])
    @pytest.mark.parametrize("role", list(Role))
    def test_gives_the_account_the_role(
        self, name: str, role: Role, run: CommandRunner, make: Factory, services: Services
    ) -> None:
        make.user(name="ada", role=Role.ORGANIZER)

        outcome = run(["set-role", name, str(role)])

        assert outcome.code == 0
        assert f"has the role {role} now" in outcome.out
        ada = services.users.find(email="ada@example.com", username="ada")
        assert ada is not None
        assert ada.role == role

    def test_refuses_a_name_nobody_has(self, run: CommandRunner) -> None:
        outcome = run(["set-role", "nobody", "admin"])

        assert outcome.code == 1
        assert "'nobody'" in outcome.err

    def test_refuses_a_role_there_is_not(self, run: CommandRunner) -> None:
        outcome = run(["set-role", "ada", "king"])

        assert outcome.code == 2
        assert "king" in outcome.err


class TestDisableAccount:
    def test_keeps_an_account_from_logging_in_until_it_is_enabled(
        self, run: CommandRunner, make: Factory, services: Services
    ) -> None:
        make.user(name="ada")

        def log_in() -> None:
            services.sessions.log_in(name="ada", password=PASSWORD)

        disabled = run(["disable-account", "ADA"], FakeTerminal())

        assert disabled.code == 0
        assert "ada <ada@example.com> is disabled and logged out now." in disabled.out
        with pytest.raises(AccountDisabled):
            log_in()
        assert run(["enable-account", "ada@example.com"], FakeTerminal()).code == 0
        log_in()

    @pytest.mark.parametrize("command", ["disable-account", "enable-account", "log-out"])
    def test_needs_an_account(self, run: CommandRunner, command: str) -> None:
        outcome = run([command, "nobody"], FakeTerminal())

        assert outcome.code == 1
        assert "No account has the user name or e-mail address 'nobody'" in outcome.err


class TestLogOut:
    def test_ends_all_logins(self, run: CommandRunner, make: Factory, services: Services) -> None:
        make.user(name="ada")
        pair = services.sessions.log_in(name="ada", password=PASSWORD)

        outcome = run(["log-out", "ada"], FakeTerminal())

        assert outcome.code == 0
        with pytest.raises(NotLoggedIn):
            services.sessions.caller(services.sessions.claims_of(pair.access_token))
        services.sessions.log_in(name="ada", password=PASSWORD)
