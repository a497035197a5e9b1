"""`audit` and `reconcile`: whether stock and money are as they must be."""

import argparse
import json
from collections.abc import Sequence
from datetime import UTC, datetime

from app.cli.failure import CommandFailed
from app.cli.running import CommandLine, Commands
from app.services.operations.audit import Violation
from app.services.payments.reconciliation import Difference, Reconciliation


def add_to(commands: Commands) -> None:
    check = commands.add_parser(
        "audit",
        help="check that stock, orders and money are as they must be",
        description="Read the whole database as it is at one moment and check the invariants of "
        "docs/reliability.md. Changes nothing; the shop may go on selling. Exit code 1: something "
        "is wrong.",
    )
    check.add_argument("--json", action="store_true", help="for programs: one JSON object")
    check.set_defaults(run=audit)

    compare = commands.add_parser(
        "reconcile",
        help="compare our payments with Paystack's list",
        description="Read Paystack's list of transactions and compare it with our payments. "
        "Settles nothing; says what helps. Exit code 1: something differs, or Paystack could not "
        "be reached.",
    )
    compare.add_argument(
        "--since",
        type=_moment,
        metavar="DATE",
        help="payments begun since then, as in 2030-06-01 or 2030-06-01T19:00+01:00 (without an "
        "offset: UTC); default: all",
    )
    compare.add_argument("--json", action="store_true", help="for programs: one JSON object")
    compare.set_defaults(run=reconcile)


def audit(command: CommandLine) -> None:
    with command.migrated_context() as context:
        found = context.services.audit.violations()
    print(_audit_json(found) if command.words.json else _audit_words(found))
    if found:
        raise CommandFailed(_count(len(found), "violation"))


def reconcile(command: CommandLine) -> None:
    with command.migrated_context() as context:
        found = context.services.reconciliation.compare(since=command.words.since)
    print(_reconciliation_json(found) if command.words.json else _reconciliation_words(found))
    if found.differences:
        raise CommandFailed(_count(len(found.differences), "difference"))


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is no date, as in 2030-06-01") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _audit_words(found: Sequence[Violation]) -> str:
    if not found:
        return "All is as it must be: stock, orders, payments, tickets, mail, keys and ledger."
    return "\n".join(str(violation) for violation in found)


def _audit_json(found: Sequence[Violation]) -> str:
    rows = [{"rule": v.rule, "wrong": v.wrong, "row": v.row} for v in found]
    return json.dumps({"violations": rows}, indent=2, default=str)


def _reconciliation_words(found: Reconciliation) -> str:
    compared = _count(found.compared, "payment")
    if not found.differences:
        return f"Paystack and the shop agree ({compared} compared)."
    return "\n".join([f"{compared} compared.", *map(_in_words, found.differences)])


def _in_words(difference: Difference) -> str:
    return f"{difference}\n    what helps: {difference.help}"


def _reconciliation_json(found: Reconciliation) -> str:
    rows = [{"reference": d.reference, "wrong": d.wrong, "help": d.help} for d in found.differences]
    return json.dumps({"compared": found.compared, "differences": rows}, indent=2)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
