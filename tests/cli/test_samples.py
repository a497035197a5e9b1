"""`samples`: three events with weeks of sales, whose books are right."""

from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from signal import SIGKILL

import pytest
from pydantic import SecretStr

from app.config import Environment, Settings
from app.database.migrations import migrate
from app.domain.orders.orders import OrderFilter
from app.domain.states import OrderKind, OrderStatus
from app.models.users.users import User
from app.services.operations.idempotency import Answer
from app.services.organizers.managed_events import ManagedEvent
from app.services.users.accounts import OPERATOR
from app.wiring.command_context import CommandContext, command_context
from app.wiring.samples.maker import samples_call
from tests.api.conftest import one_database
from tests.cli.conftest import CommandRunner, Outcome
from tests.programs.commands import running
from tests.steps.waiting import eventually
from tests.support.factories import Factory

MOST = 1000
PATIENCE = timedelta(seconds=120)


def organizer_of(shop: CommandContext, name: str = "organizer") -> User:
    return shop.services.account_control.find(actor=OPERATOR, name=name)


def has_organizer(shop: CommandContext) -> bool:
    """Whether the account was opened that samples are made for."""
    users = shop.services.users
    return users.find(email="organizer@example.com", username="organizer") is not None


def events_of(shop: CommandContext, organizer: User) -> dict[str, ManagedEvent]:
    found = shop.services.managed_events.page(organizer=organizer, after=None, limit=MOST)
    return {each.event.title: each for each in found.items}


def ways_of_orders(shop: CommandContext, organizer: User) -> Counter[tuple[OrderKind, OrderStatus]]:
    return Counter(
        (each.order.kind, each.order.status)
        for event in events_of(shop, organizer).values()
        for each in shop.services.event_orders.page(
            event_id=event.event.id,
            organizer=organizer,
            which=OrderFilter(),
            after=None,
            limit=MOST,
        ).items
    )


def weeks_of(days: list[date]) -> int:
    return (max(days) - min(days)) // timedelta(days=7)


@pytest.mark.slow
@pytest.mark.timeout(300)
class TestSamples:
    def test_are_events_at_three_points_of_a_sale(
        self, run: CommandRunner, cli_settings: Settings
    ) -> None:
        made = run(["samples"])

        assert (made.code, made.err) == (0, "")
        assert made.out.count(" %\n") == 10
        assert "sign in at /sign-in as organizer with the password " in made.out
        audit, compared, again = run(["audit"]), run(["reconcile"]), run(["samples"])
        assert audit.out.startswith("All is as it must be"), audit.out
        assert compared.out.startswith("Paystack and the shop agree"), compared.out
        assert (again.code, again.out) == (1, "")
        assert "has events already" in again.err
        with command_context(cli_settings) as shop:
            organizer = organizer_of(shop)
            events = events_of(shop, organizer)
            assert len(events) == 3
            assert all(each.event.picture for each in events.values())
            self.check_orders(shop, organizer)
            concert, fair, workshop = reversed(events.values())
            self.check_report(shop, organizer, concert)
            self.check_door(shop, organizer, concert)
            self.check_line(shop, organizer, workshop)
            assert fair.event.places_left

    def check_orders(self, shop: CommandContext, organizer: User) -> None:
        ways = ways_of_orders(shop, organizer)

        online = {status for kind, status in ways if kind == OrderKind.ONLINE}
        assert {OrderStatus.PAID, OrderStatus.REFUNDED, OrderStatus.PENDING} <= online
        assert ways[OrderKind.COMPLIMENTARY, OrderStatus.PAID]
        assert ways[OrderKind.CASH, OrderStatus.PAID]
        assert ways.total() > 150

    def check_report(self, shop: CommandContext, organizer: User, concert: ManagedEvent) -> None:
        report = shop.services.reports.sales(event_id=concert.event.id, organizer=organizer)

        (revenue,) = report.revenue
        assert concert.revenue is not None
        assert revenue.net == concert.revenue.minor
        assert revenue.discounts > 0
        assert revenue.refunds > 0
        assert weeks_of(list(report.tickets_by_day)) >= 4
        assert len(report.tickets_by_day) > 20
        assert {each.code for each in report.by_promo_code} == {"EARLYBIRD", "HIGHLIFE"}
        assert all(each.tickets for each in report.by_type)
        assert sum(each.net for _, each in report.revenue_by_day) == revenue.net

    def check_door(self, shop: CommandContext, organizer: User, concert: ManagedEvent) -> None:
        report = shop.services.reports.attendance(event_id=concert.event.id, organizer=organizer)

        assert [gate for gate, _ in report.by_gate] == ["Lagoon gate", "Main gate"]
        assert 0.6 < report.admitted_share < 0.9
        assert report.door.refused > 0

    def check_line(self, shop: CommandContext, organizer: User, workshop: ManagedEvent) -> None:
        waiting = shop.services.waiting.of_event(
            organizer=organizer, event_id=workshop.event.id, after=None, limit=MOST
        )

        assert workshop.event.places_left == 0
        assert len(waiting.items) >= 4

    @one_database
    def test_are_for_an_account_that_is_named(
        self, run: CommandRunner, cli_settings: Settings
    ) -> None:
        with command_context(cli_settings) as shop:
            migrate(shop.database)
            make = Factory(shop.services)
            make.user(name="ada")
            make.event(organizer=make.user(name="bola"))

        made = run(["samples", "--for", "ada@example.com"])

        assert made.code == 0
        assert made.out.endswith("as ada with its password.\n")
        with command_context(cli_settings) as shop:
            assert len(events_of(shop, organizer_of(shop, "ada"))) == 3
            assert not has_organizer(shop)
        assert run(["samples", "--for", "bola"]).code == 1


@pytest.mark.slow
@pytest.mark.timeout(300)
class TestBrokenOff:
    def test_by_a_kill_says_what_to_do_and_that_works(self, tmp_path: Path) -> None:
        with running("samples", folder=tmp_path) as making:
            eventually(
                lambda: making.said.exists() and " 20 %\n" in making.said.read_text(),
                within=PATIENCE,
            )
            making.process.send_signal(SIGKILL)
            killed = making.end()
        run = CommandRunner(Settings(_env_file=None, var_dir=tmp_path / "var"))

        refused = run(["samples"])

        assert killed.returncode == -SIGKILL
        assert "Opened the account organizer with the password " in killed.stdout
        assert (refused.code, refused.out) == (1, "")
        assert "they stay as they are" in refused.err
        assert "name it on the command line with --for" in refused.err
        with command_context(run.settings) as shop:
            Factory(shop.services).user(name="ada")
        made = run(["samples", "--for", "ada"])
        assert (made.code, made.err) == (0, "")
        with command_context(run.settings) as shop:
            assert len(events_of(shop, organizer_of(shop, "ada"))) == 3

    @one_database
    def test_is_not_what_is_being_done_still(
        self, run: CommandRunner, cli_settings: Settings
    ) -> None:
        with command_context(cli_settings) as shop:
            migrate(shop.database)
            ada = Factory(shop.services).user(name="ada")

            def try_meanwhile(_: object) -> Answer:
                refused.append(run(["samples", "--for", "ada"]))
                return Answer(200, b"")

            refused: list[Outcome] = []
            shop.services.idempotency.in_several_transactions(samples_call(ada.id), try_meanwhile)

        assert [each.code for each in refused] == [1]
        assert "Try again in a minute" in refused[0].err


class TestRefusals:
    def test_are_told_where_money_is_real(
        self, run: CommandRunner, database_url: str, cli_settings: Settings
    ) -> None:
        with command_context(cli_settings) as shop:
            migrate(shop.database)
        production = Settings(
            _env_file=None,
            environment=Environment.PRODUCTION,
            var_dir=cli_settings.var_dir,
            database_url=database_url,
            secret_key=SecretStr("q7Jw2mXzR5tVb9KcY4nHd8LfGs3PaEu6"),
            ticket_keys=SecretStr("Zx8KwVu3TnRb6YpLc1HdMf9GsJq2EaWo"),
            paystack_secret_key=SecretStr("sk_live_" + "0a1b2c" * 4),
            public_url="https://shop.test",
        )

        refused = CommandRunner(production)(["samples"])

        assert (refused.code, refused.out) == (1, "")
        assert "demo environment only" in refused.err
        with command_context(cli_settings) as shop:
            assert not has_organizer(shop)

    def test_are_told_where_mail_goes_out(self, cli_settings: Settings) -> None:
        mailing = cli_settings.model_copy(update={"smtp_url": SecretStr("smtp://localhost:2525")})

        refused = CommandRunner(mailing)(["samples"])

        assert refused.code == 1
        assert "mail in files" in refused.err

    def test_are_told_of_accounts_that_do_not_exist(self, run: CommandRunner) -> None:
        refused = run(["samples", "--for", "nobody"])

        assert refused.code == 1
        assert "nobody" in refused.err or "No account" in refused.err
