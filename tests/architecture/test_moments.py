"""Moments become local in one way only, and UTC again before they are compared."""

import re

from tests.architecture.test_files import ROOT, sources

MAKES_LOCAL = re.compile(r"tzinfo=\s*ZoneInfo|datetime\.now\(\s*ZoneInfo|\.localize\(")


def test_that_are_local_are_made_in_one_place() -> None:
    found = [str(file) for file in sources("app") if MAKES_LOCAL.search((ROOT / file).read_text())]

    assert found == ["app/domain/moments.py"]
