"""Reports and exports of a large event are bounded in memory; how fast is no test's business."""

import pytest

from app.domain.organizers.exports import ExportFormat, ExportKind
from benchmarks import reports

LARGEST = 100
"""MiB more than before, whatever the number of rows."""


@pytest.mark.slow
@pytest.mark.parametrize(
    "kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]
)
def test_take_bounded_memory(kind: str) -> None:
    with reports.large_event(kind, 20_000) as show:
        found = list(reports.measure(show, 20_000))

    assert len(found) == 4 + len(ExportKind) * len(ExportFormat)
    assert {each.about: each.mebibytes for each in found if each.mebibytes > LARGEST} == {}
    assert all(reports.table(iter(found)))
