import pytest

from app.paystack_mock.values.fees import fee_minor


class TestFeeMinor:
    @pytest.mark.parametrize(
        ("amount", "fee"),
        [
            (100, 2),
            (25_000, 375),
            (249_999, 3_750),
            (250_000, 13_750),
            (500_000, 17_500),
            (12_666_666, 200_000),
            (1_000_000_000, 200_000),
        ],
    )
    def test_follows_the_local_tariff_in_naira(self, amount: int, fee: int) -> None:
        assert fee_minor(amount, "NGN") == fee

    def test_takes_the_international_share_in_dollars(self) -> None:
        assert fee_minor(10_000, "USD") == 390
