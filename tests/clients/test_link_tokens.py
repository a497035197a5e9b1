import pytest

from app.clients.link_tokens import HmacLinkTokens
from app.domain.errors import LinkInvalid
from app.domain.ports import LinkPurpose

LINKS = HmacLinkTokens("k" * 32)


class TestLinkTokens:
    def test_lead_back_to_their_row(self) -> None:
        token = LINKS.issue(LinkPurpose.TRANSFER, 7)

        assert LINKS.read(LinkPurpose.TRANSFER, token) == 7
        assert token == LINKS.issue(LinkPurpose.TRANSFER, 7)

    def test_are_for_one_purpose_and_one_secret(self) -> None:
        token = LINKS.issue(LinkPurpose.TRANSFER, 7)

        with pytest.raises(LinkInvalid):
            LINKS.read(LinkPurpose.ACCOUNT, token)
        with pytest.raises(LinkInvalid):
            HmacLinkTokens("j" * 32).read(LinkPurpose.TRANSFER, token)

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
            "{0}\ud800",
            "{0}" + "x" * 99,
        ],
    )
    def test_are_refused_in_any_other_spelling(self, change: str) -> None:
        token = LINKS.issue(LinkPurpose.TRANSFER, 7)

        with pytest.raises(LinkInvalid):
            LINKS.read(LinkPurpose.TRANSFER, change.format(token, token[1:]))
