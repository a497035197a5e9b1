import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import text

from app.clients.machine import SystemClock
from app.config import Settings
from app.wiring.command_context import CommandContext, command_context
from tests.cli.conftest import CommandRunner
from tests.support.factories import Factory
from tests.support.newer import migrate_beyond


@pytest.fixture
def shop(cli_settings: Settings) -> Iterator[CommandContext]:
    """The shop the commands look at, with Paystack's simulator."""
    with command_context(cli_settings) as context:
        yield context


def buy(shop: CommandContext) -> str:
    """Sell a ticket; gives the payment's reference."""
    make = Factory(shop.services)
    event = make.event(starts_at=SystemClock().now() + timedelta(days=30))
    return make.buy(make.user(), event.id).payment.reference


def change(shop: CommandContext, statement: str) -> None:
    """What no code of ours would do."""
    with shop.database.engine.begin() as connection:
        connection.execute(text(statement))


class TestAudit:
    def test_says_that_all_is_well(self, run: CommandRunner, shop: CommandContext) -> None:
        buy(shop)

        outcome = run(["audit"])

        assert (outcome.code, outcome.err) == (0, "")
        assert outcome.out.startswith("All is as it must be")

    def test_works_on_a_newer_database_that_is_safe(
        self, run: CommandRunner, shop: CommandContext
    ) -> None:
        migrate_beyond(shop.database, safe=True)

        assert run(["audit"]).code == 0

    @pytest.mark.parametrize("command", ["audit", "work", "migrate"])
    def test_and_others_refuse_one_that_is_not(
        self, run: CommandRunner, shop: CommandContext, command: str
    ) -> None:
        migrate_beyond(shop.database, safe=False)

        outcome = run([command])

        assert (outcome.code, outcome.out) == (1, "")
        assert outcome.err.startswith(f"{command}: A newer release migrated the database")
        assert outcome.err.count("\n") == 1

    def test_says_in_plain_words_what_is_not(
        self, run: CommandRunner, shop: CommandContext
    ) -> None:
        buy(shop)
        change(shop, "UPDATE ticket_types SET held = held + 1")

        outcome = run(["audit"])

        assert outcome.code == 1
        assert outcome.out == (
            "I2: the count of held places is not what pending orders hold "
            "(ticket_type 1, held 1, places_in_pending_orders 0)\n"
        )
        assert outcome.err == "audit: 1 violation\n"

    def test_tells_programs_in_json(self, run: CommandRunner, shop: CommandContext) -> None:
        buy(shop)
        change(shop, "DELETE FROM ledger_entries WHERE account = 'sales'")
        change(shop, "UPDATE order_changes SET from_status = 'expired' WHERE to_status = 'paid'")

        outcome = run(["audit", "--json"])

        found = json.loads(outcome.out)["violations"]
        assert outcome.code == 1
        assert [violation["rule"] for violation in found] == ["I10", "I9"]
        assert found[1]["row"]["to_status"] == "paid"

    def test_tells_programs_that_all_is_well(self, run: CommandRunner) -> None:
        outcome = run(["audit", "--json"])

        assert (outcome.code, json.loads(outcome.out)) == (0, {"violations": []})


class TestReconcile:
    def test_says_that_both_agree(self, run: CommandRunner, shop: CommandContext) -> None:
        buy(shop)

        outcome = run(["reconcile"])

        assert (outcome.code, outcome.err) == (0, "")
        assert outcome.out == "Paystack and the shop agree (1 payment compared).\n"

    def test_says_what_differs_and_what_helps(
        self, run: CommandRunner, shop: CommandContext
    ) -> None:
        reference = buy(shop)
        change(shop, "UPDATE payments SET reference = 'TCK-OTHER'")

        outcome = run(["reconcile"])

        assert outcome.code == 1
        assert f"{reference}: Paystack took NGN 2,500.00 for it, and it is unknown" in outcome.out
        assert "TCK-OTHER: here it is succeeded, and at Paystack unknown" in outcome.out
        assert outcome.out.count("what helps: ") == 2
        assert outcome.err == "reconcile: 2 differences\n"

    def test_tells_programs_in_json(self, run: CommandRunner, shop: CommandContext) -> None:
        reference = buy(shop)
        change(shop, "UPDATE payments SET fee_minor = fee_minor + 1")

        told = json.loads(run(["reconcile", "--json"]).out)

        assert told["compared"] == 1
        assert [difference["reference"] for difference in told["differences"]] == [reference]

    def test_compares_only_what_was_begun_since(
        self, run: CommandRunner, shop: CommandContext
    ) -> None:
        buy(shop)

        assert "(0 payments compared)" in run(["reconcile", "--since", "2100-01-01"]).out

    def test_takes_only_a_date(self, run: CommandRunner) -> None:
        outcome = run(["reconcile", "--since", "yesterday"])

        assert outcome.code == 2
        assert "yesterday is no date" in outcome.err


class TestBoth:
    @pytest.mark.parametrize("name", ["audit", "reconcile"])
    def test_bring_no_database_up_to_date(self, name: str, settings: Settings) -> None:
        outcome = CommandRunner(settings)([name])

        assert outcome.code == 1
        assert "python -m app.cli migrate" in outcome.err
