import pytest

from app.domain.users.names import ensure_address, ensure_key_fits, ensure_username

LOOKS_LIKE_OTHERS = [
    "boss\uff20example.com",  # a full-width @
    "boss\ufe6bexample.com",  # a small @
    "a\u2100b",  # one sign for a/c
    "ada\uff0fobi",  # a full-width /
    "ada\u3000obi",  # an ideographic space
    "ada\u00a8obi",  # a diaeresis, which becomes a blank and a mark
    "admin\u200b",
    "ad\u200dmin",
    "\u200b\u200b\u200b",
    "\ufeffadmin",
    "adm\u00adin",
    "admin\u3164",
    "admin\ufe0f",
    "admin\U000e0041",
    "admin\u2800",
    "\u0430dmin",  # begins with a Cyrillic letter
    "p\u03b1ypal",  # a Greek letter inside
    "\u0410\u0431\u03b1",  # Cyrillic and Greek
]
PEOPLES = [
    "testuser",
    "José.Díaz-2",
    "Adéṣọlá",
    "Алексей",
    "Алексей_1990",
    "Ελένη",
    "יעל",
    "محمد",
    "田中太郎",
    "タナカたろうabc",
    "김철수",
    "राम",
    "O\u2019Connor",
    "ᵃda",
]


class TestUsernames:
    @pytest.mark.parametrize("name", PEOPLES)
    def test_may_be_of_any_script(self, name: str) -> None:
        assert ensure_username(name) == name

    @pytest.mark.parametrize("name", LOOKS_LIKE_OTHERS, ids=ascii)
    def test_must_not_look_like_others(self, name: str) -> None:
        with pytest.raises(ValueError, match="must not"):
            ensure_username(name)

    def test_must_fit_the_column_of_their_key(self) -> None:
        with pytest.raises(ValueError, match="at most 256"):
            ensure_username("\ufdfa" * 20)


class TestAddresses:
    @pytest.mark.parametrize("email", ["ada@example.com", "josé@exämple.com", "a+b=c?@example.com"])
    def test_are_what_they_are(self, email: str) -> None:
        assert ensure_address(email) == email

    @pytest.mark.parametrize(
        "email",
        [
            "=?utf-8?q?victim?=@example.com",
            "a\uff20b@example.com",
            "vic\u200btim@example.com",
            "victim\u3164@example.com",
            "\ufdfa" * 60 + "@example.com",
        ],
        ids=ascii,
    )
    def test_must_not_be_read_as_others(self, email: str) -> None:
        with pytest.raises(ValueError, match="must"):
            ensure_address(email)


class TestKeys:
    def test_must_fit_their_columns(self) -> None:
        assert ensure_key_fits("\ufdfa" * 22, 400)
        with pytest.raises(ValueError, match="at most 400 characters"):
            ensure_key_fits("\ufdfa" * 23, 400)
