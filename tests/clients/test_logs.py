"""What the program says about itself, and what it keeps to itself."""

import json
import logging
import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from structlog.contextvars import bound_contextvars

from app.clients.logs import configure_logging

Lines = pytest.CaptureFixture[str]

CODE = "TK1:0123456789ABCDEFGHJKMNPQRS$%"
SHORT_CODE = "7K0Q-3M2X-9DZZ-00AB"


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    level, handlers = root.level, list(root.handlers)
    yield
    root.setLevel(level)
    root.handlers[:] = handlers
    structlog.reset_defaults()


def said(lines: Lines) -> list[dict[str, Any]]:
    """Each line on standard error, read as JSON."""
    return [json.loads(line) for line in lines.readouterr().err.splitlines()]


class TestConfigureLogging:
    def test_writes_one_json_object_a_line(self, capsys: Lines) -> None:
        configure_logging(level="INFO", as_json=True)

        with bound_contextvars(request_id="r-1"):
            structlog.get_logger("shop").info("order placed", order_id=5)

        (line,) = said(capsys)
        assert line.pop("timestamp").endswith("Z")
        assert line == {
            "event": "order placed",
            "level": "info",
            "logger": "shop",
            "order_id": 5,
            "request_id": "r-1",
        }

    def test_gives_the_libraries_the_same_form(self, capsys: Lines) -> None:
        configure_logging(level="INFO", as_json=True)

        with bound_contextvars(request_id="r-1"):
            logging.getLogger("uvicorn.error").info(
                "Started %d", 3, extra={"color_message": "\x1b[1m"}
            )

        (line,) = said(capsys)
        assert line.pop("timestamp")
        assert line == {
            "event": "Started 3",
            "level": "info",
            "logger": "uvicorn.error",
            "request_id": "r-1",
        }

    def test_says_each_thing_once_however_often_called(self, capsys: Lines) -> None:
        for _ in range(3):
            configure_logging(level="INFO", as_json=True)

        structlog.get_logger("shop").warning("once")
        logging.getLogger("library").warning("once")

        assert [line["event"] for line in said(capsys)] == ["once", "once"]

    def test_goes_by_the_last_call(self, capsys: Lines) -> None:
        logger = structlog.get_logger("shop")
        configure_logging(level="DEBUG", as_json=True)
        configure_logging(level="error", as_json=False)

        logger.warning("not this")
        logger.error("but this", order_id=5)

        (line,) = capsys.readouterr().err.splitlines()
        assert "but this" in line
        assert "order_id=5" in line

    def test_writes_short_lines_for_people(self, capsys: Lines) -> None:
        configure_logging(level="INFO", as_json=False)

        structlog.get_logger("shop").info("order placed", order_id=5)

        (line,) = capsys.readouterr().err.splitlines()
        assert re.fullmatch(r"\d\d:\d\d:\d\d \[info\] order placed order_id=5", line)

    def test_leaves_the_handlers_of_others(self, caplog: pytest.LogCaptureFixture) -> None:
        configure_logging(level="INFO", as_json=True)

        logging.getLogger("library").warning("heard")

        assert caplog.messages == ["heard"]

    @pytest.mark.parametrize(
        "name", ["uvicorn.access", "httpx", "sqlalchemy.engine", "alembic.runtime.migration"]
    )
    def test_silences_the_chatty(self, name: str, capsys: Lines) -> None:
        configure_logging(level="DEBUG", as_json=True)

        logging.getLogger(name).info("GET /payments/verify/TCK-1")

        assert capsys.readouterr().err == ""

    def test_leaves_uvicorn_nobody_to_tell_of_each_request(self) -> None:
        logging.getLogger("uvicorn.access").addHandler(logging.NullHandler())

        configure_logging(level="INFO", as_json=True)

        assert not logging.getLogger("uvicorn.access").hasHandlers()

    def test_refuses_an_unknown_level(self) -> None:
        with pytest.raises(ValueError, match="LOUD"):
            configure_logging(level="loud", as_json=True)

    def test_keeps_a_line_one_line(self, capsys: Lines) -> None:
        configure_logging(level="INFO", as_json=True)

        structlog.get_logger("shop").info('a\n{"event": "forged"}', name="\ud800\u2028")

        (line,) = capsys.readouterr().err.splitlines()
        assert json.loads(line)["name"] == "\ud800\u2028"

    def test_tells_where_an_error_came_from(self, capsys: Lines) -> None:
        configure_logging(level="INFO", as_json=True)

        try:
            int("the reason")
        except ValueError:
            structlog.get_logger("shop").exception("failed")

        (line,) = said(capsys)
        assert (
            "ValueError: invalid literal for int() with base 10: 'the reason'" in line["exception"]
        )
        assert __file__ in line["exception"]


@pytest.mark.parametrize("as_json", [True, False])
class TestSecrets:
    @pytest.mark.parametrize(
        "name",
        [
            "password",
            "new_password",
            "Authorization",
            "Set-Cookie",
            "access_token",
            "refreshToken",
            "secret_key",
            "SECRET_KEY",
            "x-paystack-signature",
            "api_key",
            "ticket_code",
            "short_code",
        ],
    )
    def test_stay_hidden_by_name(self, name: str, as_json: bool, capsys: Lines) -> None:
        configure_logging(level="INFO", as_json=as_json)

        structlog.get_logger("shop").info("said", **{name: "hush"}, deep=[{"more": {name: "hush"}}])
        logging.getLogger("library").info("said", extra={name: "hush"})

        lines = capsys.readouterr().err
        assert "hush" not in lines
        assert lines.count("[redacted]") == 3

    @pytest.mark.parametrize(
        ("text", "secret"),
        [
            ("sk_test_hush0123", "hush"),
            ("sk_live_hush0123", "hush"),
            ("Authorization: Bearer hush.hush", "hush"),
            ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI3In0.hush", "hush"),
            ("postgresql://shop:hush%40@db/tickets", "hush"),
            ("https://tickets.example.com/reset?token=hush-1&x=1", "hush"),
            (f"code {CODE}", CODE),
            (f"code {SHORT_CODE}", SHORT_CODE),
            ("path=/t/hush-0123456789_abcdefghijk", "hush"),
        ],
    )
    def test_stay_hidden_by_their_looks(
        self, text: str, secret: str, as_json: bool, capsys: Lines
    ) -> None:
        configure_logging(level="INFO", as_json=as_json)

        try:
            int(text)
        except ValueError:
            structlog.get_logger("shop").exception(text, note=text, deep=[{"a": text}])
        logging.getLogger("library").info("said %s", text)

        lines = capsys.readouterr().err
        assert secret not in lines
        assert lines.count("[redacted]") >= 5

    def test_too_deep_to_look_at_are_left_out(self, as_json: bool, capsys: Lines) -> None:
        configure_logging(level="INFO", as_json=as_json)
        nested: dict[str, Any] = {"password": "hush"}
        for _ in range(50):
            nested = {"inner": nested}

        structlog.get_logger("shop").info("said", nested=nested)

        assert "hush" not in capsys.readouterr().err

    def test_hide_nothing_else(self, as_json: bool, capsys: Lines) -> None:
        configure_logging(level="INFO", as_json=as_json)

        structlog.get_logger("shop").info(
            "paid",
            reference="TCK-PAID0123456789ABCDEFGHJKMN",
            url="https://a.example/b?c=d",
            email="ada@example.com",
        )

        lines = capsys.readouterr().err
        assert "TCK-PAID0123456789ABCDEFGHJKMN" in lines
        assert "https://a.example/b?c=d" in lines
        assert "ada@example.com" in lines


class TestHostileTexts:
    @pytest.mark.parametrize(
        "unit", ["a:", "a@", "eyJ-", "eyJ.", "TCK-", "://", "://:", "/t/", "sk_"]
    )
    def test_take_no_longer_than_others(self, unit: str, capsys: Lines) -> None:
        configure_logging(level="INFO", as_json=True)
        log = structlog.get_logger("app.requests")

        def seconds(path: str) -> float:
            began = time.thread_time()
            log.info("request", method="GET", path=path)
            return time.thread_time() - began

        length = 64 * 1024
        plain = min(seconds("/" + "events/" * (length // 7)) for _ in range(5))
        hostile = min(seconds(f"://{unit * length}"[:length]) for _ in range(5))

        assert hostile < 20 * max(plain, 0.0002)
        assert all(len(line) < 10_000 for line in capsys.readouterr().err.splitlines())

    def test_are_shown_by_their_ends(self, capsys: Lines) -> None:
        configure_logging(level="INFO", as_json=True)

        structlog.get_logger("shop").info("said", note="begin" + "x" * 10_000 + "end")

        (line,) = said(capsys)
        assert line["note"].startswith("begin")
        assert line["note"].endswith("end")
        assert len(line["note"]) < 5_000

    @pytest.mark.parametrize("password", ["hush", "hu@sh", "hush@", "@hush", "hu:sh"])
    def test_hide_passwords_in_addresses_whole(self, password: str, capsys: Lines) -> None:
        configure_logging(level="INFO", as_json=True)

        structlog.get_logger("shop").info(f"postgresql://shop:{password}@db/tickets")

        (line,) = said(capsys)
        assert line["event"] == "postgresql://[redacted]@db/tickets"
