import pytest

from app.domain.users.passwords import MOST_COMMON, CommonPasswords


class TestCommonPasswords:
    @pytest.mark.parametrize("password", ["password123", "Password123", "PASSWORD123"])
    def test_hold_a_password_whatever_its_case(self, password: str) -> None:
        assert password in CommonPasswords(MOST_COMMON)

    @pytest.mark.parametrize("password", ["correct horse battery", "password123 ", ""])
    def test_do_not_hold_others(self, password: str) -> None:
        assert password not in CommonPasswords(MOST_COMMON)

    def test_are_none_when_none_are_given(self) -> None:
        assert "password123" not in CommonPasswords()

    def test_could_be_chosen_at_all(self) -> None:
        assert all(8 <= len(password) <= 128 for password in MOST_COMMON)
        assert len(MOST_COMMON) > 100
