import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.paystack_mock.conftest import Shop

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
POSTS = ["/transaction/initialize", "/refund", "/refund/retry_with_customer_details/1"]
BODIES = {
    "not JSON": b"{",
    "a list": b"[]",
    "a number": b"5",
    "a string": b'"x"',
    "not UTF-8": b'{"email": "\xff"}',
    "NaN": b'{"amount": NaN}',
    "endless": b'{"amount": 1e999}',
    "half a surrogate": b'{"email": "\\ud800@example.com", "amount": 1}',
    "surrogate key": b'{"\\udfff": 1}',
    "too deep": b"[" * 100_000,
    "deep": b'{"metadata":' + b'{"a":' * 40 + b"1" + b"}" * 41,
    "many digits": b'{"amount": ' + b"9" * 5_000 + b"}",
}


class TestBadBody:
    @pytest.mark.parametrize("path", POSTS)
    @pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
    def test_is_refused_in_the_envelope(self, shop: Shop, path: str, body: bytes) -> None:
        answer = shop.call("POST", path, content=body)

        assert answer.status_code == 400
        assert answer.json()["status"] is False

    def test_is_refused_when_too_large(self, shop: Shop) -> None:
        answer = shop.call("POST", POSTS[0], content=b" " * 1_000_001)

        assert answer.status_code == 413

    @pytest.mark.parametrize(
        "form",
        [b"email=%ff", b"a[b=1&]c[=2", b"&".join(b"a=1" for _ in range(2_000)), b"a" + b"[x]" * 90],
    )
    def test_is_refused_as_a_form_too(self, shop: Shop, form: bytes) -> None:
        headers = {"content-type": "application/x-www-form-urlencoded"}

        answer = shop.call("POST", POSTS[0], content=form, headers=headers)

        assert answer.status_code == 400

    @settings(
        max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(
        fields=st.dictionaries(
            st.sampled_from(
                [
                    *("email", "amount", "currency", "reference", "callback_url", "metadata"),
                    *("transaction", "customer_note", "refund_account_details", "simulate"),
                ]
            ),
            JSON | st.sampled_from(["ada@example.com", "R1", 100, {"account_number": {}}]),
        )
    )
    def test_never_breaks_the_simulator(self, shop: Shop, fields: dict[str, object]) -> None:
        for path in POSTS:
            answer = shop.call("POST", path, content=json.dumps(fields))

            assert answer.status_code < 500, fields
            assert answer.json()["status"] is (answer.status_code == 200)


class TestUnknownRoute:
    @pytest.mark.parametrize("path", ["/", "/charging", "/transaction/verify/a/b", "/refund/1/2"])
    def test_answers_404_in_the_envelope(self, shop: Shop, path: str) -> None:
        answer = shop.get(path)

        assert answer.status_code == 404
        assert (answer.json()["status"], answer.json()["type"]) == (False, "api_error")

    @pytest.mark.parametrize(
        ("method", "path", "allowed"),
        [
            ("DELETE", "/refund", {"GET", "HEAD", "POST"}),
            ("GET", "/refund/retry_with_customer_details/1", {"POST"}),
            ("PUT", "/checkout/x", {"GET", "HEAD", "POST"}),
        ],
    )
    def test_answers_405_in_the_envelope(
        self, shop: Shop, method: str, path: str, allowed: set[str]
    ) -> None:
        answer = shop.call(method, path)

        assert (answer.status_code, answer.json()["status"]) == (405, False)
        assert set(answer.headers["allow"].split(", ")) == allowed
