"""How money that goes back is shared among tickets."""

import pytest

from app.domain.payments.refund_shares import refund_shares


class TestRefundShares:
    def test_add_up_in_whole_coins_and_never_exceed_what_is_left(self) -> None:
        for left in ([1, 1, 1], [0, 7, 0], [100_00, 1, 33_33], [250_000] * 7):
            for minor in {0, 1, sum(left) // 2, sum(left) - 1, sum(left)}:
                shares = refund_shares(minor, left, currency="NGN")
                assert sum(shares) == minor
                assert all(0 <= share <= each for share, each in zip(shares, left, strict=True))

        francs = refund_shares(100_00, [300_00, 300_00, 300_00], currency="XOF")
        assert [share % 100 for share in francs] == [0, 0, 0]

    def test_are_of_what_there_is(self) -> None:
        with pytest.raises(ValueError, match="cannot be shared"):
            refund_shares(2, [1], currency="NGN")
