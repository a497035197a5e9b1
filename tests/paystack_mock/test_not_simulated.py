import pytest

from tests.paystack_mock.conftest import Shop


class TestOtherCalls:
    @pytest.mark.parametrize(
        ("method", "path"),
        [
            ("GET", "/transaction/totals"),
            ("GET", "/transaction/export"),
            ("POST", "/transaction/charge_authorization"),
            ("POST", "/transaction/partial_debit"),
            ("GET", "/transaction/timeline/5200000001"),
            ("GET", "/customer"),
            ("POST", "/customer"),
            ("GET", "/customer/CUS_x"),
            ("PUT", "/dispute/5/evidence"),
            ("POST", "/charge/submit_otp"),
            ("GET", "/bank/"),
        ],
    )
    def test_are_told_to_be_not_simulated(self, shop: Shop, method: str, path: str) -> None:
        answer = shop.call(method, path)

        assert answer.status_code == 501
        assert answer.json()["code"] == "not_simulated"
        assert f"{method} {path}" in answer.json()["message"]
