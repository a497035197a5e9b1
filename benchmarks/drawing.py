"""How long it takes to draw and to sign a ticket, in this process and without HTTP.

    python -m benchmarks.drawing [--seconds 1]

Each line is the median computing time of single calls, which depends less on others on the machine
than the time that passes; the first call is not counted. "Cold" calls each draw a
code never drawn before; from the cache, the code is signed and looked up, as for each call.
"""

import argparse
import statistics
from collections.abc import Callable, Sequence
from itertools import count
from time import perf_counter, thread_time

from app.clients.qr import QrCodes
from app.clients.ticket_pdf import PdfTickets
from tests.codes import SIGNER, some_facts
from tests.prints import make_print

FEWEST_CALLS = 20
PREPARED = 2000

Work = Callable[[], object]


def scenarios() -> dict[str, Work]:
    """What is measured, by what it is called in the table."""
    facts = some_facts()
    codes = [SIGNER.sign(some_facts(), key_id=1) for _ in range(PREPARED)]
    numbers = count()

    def next_code() -> str:
        return codes[next(numbers) % PREPARED]

    # Too small to still have a code when it comes round again.
    cold, kept = QrCodes(max_cached=1), QrCodes()
    papers = PdfTickets(max_cached=1)
    printed = make_print()
    short = printed.ticket.short_code
    return {
        "PNG, 330 pixels, cold": lambda: cold.png(next_code(), caption=short),
        "PNG, 1000 pixels, cold": lambda: cold.png(next_code(), caption=short, pixels=1000),
        "PNG, from the cache": lambda: kept.png(SIGNER.sign(facts, key_id=1), caption=short),
        "SVG": lambda: cold.svg(next_code(), title="Ticket 1", caption=short),
        "PDF, cold": lambda: papers.pdf(printed, code=next_code()),
        "sign a code": lambda: SIGNER.sign(facts, key_id=1),
        "verify a code": lambda: SIGNER.read(codes[0]),
    }


def median_seconds(work: Work, *, seconds: float) -> float:
    """The median computing time of one call, of as many as fit into the seconds."""
    work()
    durations: list[float] = []
    ends_at = perf_counter() + seconds
    while len(durations) < FEWEST_CALLS or perf_counter() < ends_at:
        began = thread_time()
        work()
        durations.append(thread_time() - began)
    return statistics.median(durations)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.drawing", description=__doc__)
    parser.add_argument("--seconds", type=float, default=1.0, help="for each line")
    seconds: float = parser.parse_args(arguments).seconds
    print(f"{'in one process, without HTTP':<34}{'ms':>9}{'per second':>12}")
    for about, work in scenarios().items():
        each = median_seconds(work, seconds=seconds)
        print(f"{about:<34}{each * 1000:>9.3f}{1 / each:>12,.0f}", flush=True)


if __name__ == "__main__":
    main()
