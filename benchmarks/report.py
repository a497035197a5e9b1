"""The table that is printed, line by line as the measuring goes on."""

import os
import tempfile
import time
from pathlib import Path

from benchmarks.client import Measurement

SYNCS = 50


class Table:
    """Prints a line for each scenario; shares are of the bare route in the same table.

    Whether all calls did what they should is remembered in ``is_clean``.
    """

    def __init__(self) -> None:
        self.is_clean = True
        self._bare = 0.0

    def begin(self, title: str) -> None:
        self._bare = 0.0
        print(f"\n{title}")
        print(
            f"{'':<34}{'per second':>11}{'p50 ms':>9}{'p95 ms':>9}{'p99 ms':>9}"
            f"{'of bare':>9}{'cpu ms':>8}{'client':>8}{'failed':>8}"
        )

    def add(self, about: str, seen: Measurement, *, is_bare: bool = False) -> None:
        if is_bare:
            self._bare = seen.per_second
        share = f"{seen.per_second / self._bare:>9.1%}" if self._bare else f"{'':>9}"
        times = "".join(f"{seen.percentile(percent):>9.1f}" for percent in (50, 95, 99))
        print(
            f"{about:<34}{seen.per_second:>11,.0f}{times}{share}"
            f"{seen.server_cpu_each:>8.2f}{seen.client_share:>8.0%}{len(seen.failures):>8}",
            flush=True,
        )
        if seen.failures:
            self.complain(f"the first of {len(seen.failures)} failures: {seen.failures[0]}")
        elif not seen.durations:
            self.complain("nothing was done")

    def note(self, text: str) -> None:
        print(f"    {text}", flush=True)

    def complain(self, text: str) -> None:
        """Print what is wrong; the run then counts as failed."""
        self.is_clean = False
        print(f"    WRONG: {text}", flush=True)


def milliseconds_to_sync(folder: Path) -> float:
    """How long a durable write of one page takes here: each purchase needs a few."""
    durations = []
    with tempfile.TemporaryFile(dir=folder) as file:
        for _ in range(SYNCS):
            began = time.perf_counter()
            file.write(bytes(4096))
            file.flush()
            os.fsync(file.fileno())
            durations.append(time.perf_counter() - began)
    return sorted(durations)[SYNCS // 2] * 1000
