"""What the program says about itself while it runs: one line a happening, on standard error."""

import logging
import re
import sys
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

_REDACTED = "[redacted]"

_SECRET_NAME = re.compile(
    r"authorization|cookie|password|passwd|secret|token|api_?key|signing_?key|signature"
    r"|ticket_?code|short_?code|access_code",
    re.IGNORECASE,
)

# Every quantifier is bounded or possessive, so that each character is looked at a bounded number of
# times: strangers choose paths, and a line is searched while everybody waits.
_SECRET_TEXT = re.compile(
    r"\bsk_[A-Za-z0-9]++_?[A-Za-z0-9]*+"  # Paystack's secret keys
    r"|(?<=bearer )[\w.~+/=-]++"  # what an Authorization header carries
    r"|(?<=token=)[\w.~%+-]++|(?<=password=)[\w.~%+-]++"  # in a URL's query
    r"|\beyJ[\w-]{5,}+(?:\.[\w-]*+){0,2}+"  # access tokens
    r"|\bTK1:[0-9A-Z $%*+./:-]{16,}+"  # what opens the door
    r"|\b[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}\b"  # the same, to be typed
    r"|(?<=/t/)[\w-]{16,}+"  # what opens a ticket's page
    r"|(?<=://)[^/\s\"'@:]*+:[^/\s\"'@]*+(?:@[^/\s\"'@]*+(?=@))*+(?=@)",  # user, password in a URL
    re.IGNORECASE,
)

_LONGEST_TEXT = 4_000
"""Characters of a value that are searched and shown; the middle of a longer one is left out."""

_DEEPEST = 6
"""Levels of a nested value that are looked through; what lies deeper is left out."""

_LEVELS_OF_OTHERS = {
    "alembic": logging.WARNING,  # it logs two lines each time the revision is read
    "httpcore": logging.WARNING,
    "httpx": logging.WARNING,  # it names every URL, and with it payment references
    "PIL": logging.WARNING,
    "python_multipart": logging.WARNING,
    "sqlalchemy": logging.WARNING,  # at INFO it prints every statement with its values
}


def configure_logging(*, level: str, as_json: bool) -> None:
    """Send every log line, our own and the libraries', through one formatter.

    May be called again, also with other values; handlers that others put on the root logger stay.

    Args:
        level: ``DEBUG``, ``INFO``, ``WARNING``, ``ERROR`` or ``CRITICAL``, in any case.
        as_json: one JSON object a line; else lines for people.

    Raises:
        ValueError: there is no such level.
    """
    root = logging.getLogger()
    root.setLevel(level.upper())
    for handler in [handler for handler in root.handlers if isinstance(handler, _StandardError)]:
        root.removeHandler(handler)
    root.addHandler(_StandardError(_formatter(as_json)))
    for name, lowest in _LEVELS_OF_OTHERS.items():
        logging.getLogger(name).setLevel(max(lowest, root.level))
    _take_over_uvicorn()
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_shared_steps(),
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )


class _StandardError(logging.Handler):
    """Writes to the present ``sys.stderr``, so that a replaced one gets the lines."""

    def __init__(self, formatter: logging.Formatter) -> None:
        super().__init__()
        self.setFormatter(formatter)

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line; a line that cannot be written must not stop the work it tells of."""
        try:
            sys.stderr.write(self.format(record) + "\n")
            sys.stderr.flush()
        except Exception:
            self.handleError(record)


def _take_over_uvicorn() -> None:
    for name in ("uvicorn", "uvicorn.error"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
    # Without a handler in reach uvicorn does not even compose its access lines. They lack the
    # request id; our own are written instead.
    access = logging.getLogger("uvicorn.access")
    access.handlers.clear()
    access.propagate = False


def _shared_steps() -> list[Processor]:
    """What happens to our own lines and to the libraries' alike."""
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]


def _formatter(as_json: bool) -> logging.Formatter:
    renderer: Processor = (
        structlog.processors.JSONRenderer()
        if as_json
        else structlog.dev.ConsoleRenderer(
            colors=False,
            exception_formatter=structlog.dev.plain_traceback,
            pad_event_to=0,
            pad_level=False,
            sort_keys=False,
        )
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*_shared_steps(), structlog.stdlib.ExtraAdder(), _drop_repeats],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.StackInfoRenderer(),
            structlog.processors.format_exc_info,
            _redact_names,
            *(() if as_json else (_shorten,)),
            renderer,
            _redact_texts,
        ],
    )


def _drop_repeats(_: WrappedLogger, __: str, happening: EventDict) -> EventDict:
    happening.pop("color_message", None)  # uvicorn's line once more, with escape codes
    happening.pop("message", None)  # the line once more, if another handler saw it first
    return happening


def _shorten(_: WrappedLogger, __: str, happening: EventDict) -> EventDict:
    """Leave out what a person at a terminal does not need: the date, and whose line it is.

    Names stand in the order they were given, the request's id last.
    """
    moment = happening.get("timestamp")
    if isinstance(moment, str):
        happening["timestamp"] = moment.partition("T")[2].partition(".")[0]
    happening.pop("logger", None)
    if "request_id" in happening:
        happening["request_id"] = happening.pop("request_id")  # last
    return happening


def _redact_names(_: WrappedLogger, __: str, happening: EventDict) -> EventDict:
    """Hide values whose name says that they are secret, however deep they lie."""
    return {name: _shown(name, value) for name, value in happening.items()}


def _shown(name: object, value: Any, depth: int = 0) -> Any:
    if isinstance(name, str) and _SECRET_NAME.search(name):
        return _REDACTED
    if isinstance(value, str | bytes):
        return _cut(value)
    if not isinstance(value, dict | list | tuple | set | frozenset):
        return value
    if depth >= _DEEPEST:
        return "[…]"
    if isinstance(value, dict):
        return {key: _shown(key, inner, depth + 1) for key, inner in value.items()}
    return [_shown(None, inner, depth + 1) for inner in value]


def _cut(value: str | bytes) -> str | bytes:
    """The value, or its beginning and its end: where a traceback says what was wrong."""
    if len(value) <= _LONGEST_TEXT:
        return value
    text = str(value)
    half = _LONGEST_TEXT // 2
    return f"{text[:half]} […{len(text) - 2 * half} characters…] {text[-half:]}"


def _redact_texts(_: WrappedLogger, __: str, line: Any) -> str:
    """Hide what looks like a secret wherever it stands in the finished line, tracebacks too.

    No pattern reaches over a quote, so a JSON line stays JSON.
    """
    return _SECRET_TEXT.sub(_REDACTED, str(line))
