"""One-time passwords, with the vectors of RFC 4226 and RFC 6238."""

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.users.totp import (
    app_address,
    code_of,
    is_recovery_code,
    is_totp,
    matching_step,
    recovery_code_of,
    secret_of,
    secret_text,
    step_at,
    typed,
)

SECRET = b"12345678901234567890"
NOW = datetime(2027, 3, 1, 12, 0, 10, tzinfo=UTC)


class TestCode:
    @pytest.mark.parametrize(
        ("seconds", "code"),
        [
            (59, "94287082"),
            (1111111109, "07081804"),
            (1111111111, "14050471"),
            (1234567890, "89005924"),
            (2000000000, "69279037"),
            (20000000000, "65353130"),
        ],
    )
    def test_is_that_of_rfc_6238(self, seconds: int, code: str) -> None:
        step = step_at(datetime.fromtimestamp(seconds, UTC))

        assert code_of(SECRET, step, digits=8) == code
        assert code_of(SECRET, step) == code[-6:]

    @pytest.mark.parametrize(
        ("counter", "code"),
        [
            (0, "755224"),
            (1, "287082"),
            (2, "359152"),
            (3, "969429"),
            (4, "338314"),
            (9, "520489"),
        ],
    )
    def test_is_that_of_rfc_4226(self, counter: int, code: str) -> None:
        assert code_of(SECRET, counter) == code


class TestMatchingStep:
    @pytest.mark.parametrize(
        ("seconds", "matches"),
        [(-41, False), (-40, True), (-11, True), (-10, True), (0, True), (49, True), (50, False)],
    )
    def test_allows_one_step_before_and_after(self, seconds: int, matches: bool) -> None:
        of_phone = NOW + timedelta(seconds=seconds)

        found = matching_step(SECRET, code_of(SECRET, step_at(of_phone)), now=NOW)

        assert found == (step_at(of_phone) if matches else None)


class TestTyped:
    @pytest.mark.parametrize("text", ["123456", " 123 456 ", "123-456", "123\u00a0456"])
    def test_takes_blanks_and_dashes_away(self, text: str) -> None:
        assert is_totp(typed(text))

    @pytest.mark.parametrize(
        "text",
        ["", "12345", "1234567", "12345a", "\u0661\u0662\u0663\u0664\u0665\u0666", "123456\x00"],
    )
    def test_that_is_no_code_has_no_form_of_one(self, text: str) -> None:
        assert not is_totp(typed(text))
        assert not is_recovery_code(typed(text))


class TestSecret:
    def test_comes_from_randomness(self) -> None:
        assert len(secret_of("a")) == 20
        assert secret_of("a") != secret_of("b")
        assert recovery_code_of("a") != recovery_code_of("b")
        assert is_recovery_code(typed(recovery_code_of("a").upper()))

    def test_is_shown_to_apps_in_their_form(self) -> None:
        address = app_address(SECRET, issuer="shop.test", name="a da/\u00e9?x=1")

        assert secret_text(SECRET) == "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
        assert address == (
            "otpauth://totp/shop.test:a%20da/%C3%A9%3Fx%3D1"
            "?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=shop.test"
        )
