import re
from collections.abc import Iterator
from pathlib import Path

import app.http.problems  # loads every module that defines a refusal
from app.domain.errors import (
    MailerUnavailable,
    MailRejected,
    RefundRefused,
    RefundsTooMany,
    TicketingError,
    TicketPageNotFound,
    TicketPageReplaced,
)
from app.http.problems import status_of

PAGE = Path(__file__).parents[2] / "docs" / "errors.md"
ROW = re.compile(r"^\| `([a-z-]+)` \| (\d{3}) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
NEVER_ANSWERED = {
    MailRejected,  # met by the background work
    MailerUnavailable,
    RefundRefused,
    RefundsTooMany,
    TicketPageNotFound,  # shown as a page
    TicketPageReplaced,
}


def refusals(kind: type[TicketingError] = TicketingError) -> Iterator[type[TicketingError]]:
    """Every refusal that is raised itself: not a mere kind of others."""
    for refusal in kind.__subclasses__():
        if refusal.__module__ != "app.domain.errors.kinds":
            yield refusal
        yield from refusals(refusal)


class TestErrorsPage:
    def test_explains_every_refusal(self) -> None:
        explained = {row[0]: row[1:] for row in ROW.findall(PAGE.read_text())}

        for refusal in set(refusals()) - NEVER_ANSWERED:
            assert refusal.code in explained, f"explain {refusal.code} in docs/errors.md"
            status, meaning, advice = explained.pop(refusal.code)
            assert int(status) == status_of(refusal), refusal.code
            assert meaning == refusal.title, refusal.code
            assert advice.endswith((".", "…`."))
        assert explained == {}, "these are no refusals"

    def test_has_titles_in_plain_text(self) -> None:
        for refusal in refusals():
            assert refusal.title.endswith("."), refusal.code
            assert "``" not in refusal.title, refusal.code

    def test_names_no_code_twice(self) -> None:
        codes = [refusal.code for refusal in set(refusals())]

        assert len(codes) == len(set(codes))
        assert app.http.problems.PROBLEM_JSON in PAGE.read_text()
