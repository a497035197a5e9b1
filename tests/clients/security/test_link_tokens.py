from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from app.clients.security.tokens import HmacLinkTokens
from app.domain.errors import LinkInvalid
from app.domain.ports import LinkSubject

LINKS = HmacLinkTokens("k" * 32)
MADE_AT = datetime(2027, 3, 1, 12, 0, 0, 5, tzinfo=UTC)
SEVEN = LinkSubject("transfer", 7, MADE_AT)


class TestLinkTokens:
    def test_lead_back_to_their_row(self) -> None:
        token = LINKS.issue(SEVEN)

        assert LINKS.row_id_in(token) == 7
        LINKS.ensure(token, SEVEN)

    def test_are_the_same_for_a_moment_in_another_zone(self) -> None:
        in_lagos = MADE_AT.astimezone(timezone(timedelta(hours=1)))

        assert LINKS.issue(replace(SEVEN, made_at=in_lagos)) == LINKS.issue(SEVEN)

    @pytest.mark.parametrize(
        "other",
        [
            replace(SEVEN, kind="account-request:reset"),
            replace(SEVEN, row_id=8),
            replace(SEVEN, made_at=MADE_AT + timedelta(microseconds=1)),
        ],
        ids=["kind", "number", "moment"],
    )
    def test_are_for_one_row_and_one_kind(self, other: LinkSubject) -> None:
        token = LINKS.issue(SEVEN)

        with pytest.raises(LinkInvalid):
            LINKS.ensure(token, other)

    def test_are_for_one_secret(self) -> None:
        token = LINKS.issue(SEVEN)

        with pytest.raises(LinkInvalid):
            HmacLinkTokens("j" * 32).ensure(token, SEVEN)

    @pytest.mark.parametrize(
        "change",
        [
            "",
            ".",
            "7",
            "7.",
            "8{}",
            "{0}x",
            "07{1}",
            "\N{ARABIC-INDIC DIGIT SEVEN}{1}",
            "-7{1}",
            "9223372036854775808{1}",
            "{0}\ud800",
            "{0}" + "x" * 99,
        ],
    )
    def test_are_refused_in_any_other_spelling(self, change: str) -> None:
        token = LINKS.issue(SEVEN)
        changed = change.format(token, token[1:])

        with pytest.raises(LinkInvalid):
            LINKS.ensure(changed, replace(SEVEN, row_id=LINKS.row_id_in(changed)))
