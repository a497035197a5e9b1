import re

import pytest
from pydantic import SecretStr

from app.clients.security.ticket_keys import Ed25519TicketSigner
from app.config import Settings
from tests.api.conftest import one_database
from tests.cli.conftest import CommandRunner
from tests.support.codes import some_facts

OLD, NEW = "o" * 32, "n" * 32
PUBLIC = re.compile(r"^(\d+:pub:[\w-]{43})  (.+)$", re.MULTILINE)
FRESH = re.compile(r"^(\d+:[\w-]{43}),$", re.MULTILINE)


def runner(settings: Settings, keys: str) -> CommandRunner:
    return CommandRunner(settings.model_copy(update={"ticket_keys": SecretStr(keys)}))


@one_database
class TestTicketKeys:
    def test_shows_public_halves_that_read_what_was_signed(self, cli_settings: Settings) -> None:
        keys = f"2:{NEW},1:{OLD}"
        code = Ed25519TicketSigner(keys).sign(some_facts(), key_id=1)

        outcome = runner(cli_settings, keys)(["ticket-keys"])

        assert (outcome.code, outcome.err) == (0, "")
        shown = PUBLIC.findall(outcome.out)
        assert [use for _, use in shown] == ["signs new tickets", "is read"]
        reader = Ed25519TicketSigner(f"9:{'x' * 32}," + ",".join(line for line, _ in shown))
        assert reader.read(code).ticket_id == 1

    def test_shows_no_secret_in_use(self, cli_settings: Settings) -> None:
        outcome = runner(cli_settings, f"2:{NEW},1:{OLD}")(["ticket-keys"])

        assert NEW not in outcome.out
        assert OLD not in outcome.out

    def test_gives_a_new_key_that_overlaps_with_the_others(self, cli_settings: Settings) -> None:
        keys = f"2:{NEW},1:{OLD}"
        before = Ed25519TicketSigner(keys)
        run = runner(cli_settings, keys)

        (fresh,), (another,) = (FRESH.findall(run(["ticket-keys"]).out) for _ in range(2))

        assert fresh != another
        after = Ed25519TicketSigner(f"{fresh},{keys}")
        assert after.current_key_id == 3
        assert after.read(before.sign(some_facts(), key_id=2)).version == 1

    @pytest.mark.parametrize(
        ("keys", "number"), [(f"255:{NEW},1:{OLD}", "2"), (f"254:{NEW}", "255"), (NEW, "2")]
    )
    def test_numbers_it_like_no_other(self, cli_settings: Settings, keys: str, number: str) -> None:
        out = runner(cli_settings, keys)(["ticket-keys"]).out

        assert FRESH.findall(out)[0].split(":")[0] == number

    def test_names_the_file_the_keys_are_in(
        self, cli_settings: Settings, run: CommandRunner
    ) -> None:
        out = run(["ticket-keys"]).out

        assert str(cli_settings.var_dir / "ticket_key") in out
        assert (cli_settings.var_dir / "ticket_key").read_text() not in out

    def test_says_what_is_wrong_with_keys(self, cli_settings: Settings) -> None:
        outcome = runner(cli_settings, "short")(["ticket-keys"])

        assert outcome.code == 1
        assert "at least 32 characters" in outcome.err
        assert "short," not in outcome.err
