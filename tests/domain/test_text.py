import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.text import address_key, name_key, search_key


class TestNameKey:
    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("Ada@Example.COM", "ada@example.com"),
            ("Straße", "STRASSE"),
            ("CAFÉ", "cafe\u0301"),
            ("ﬁlm", "FILM"),
            ("\uff21da", "ada"),
            ("ΣΊΣΥΦΟΣ", "σίσυφος"),
        ],
    )
    def test_is_shared_by_what_people_read_as_the_same(self, one: str, other: str) -> None:
        assert name_key(one) == name_key(other)

    @pytest.mark.parametrize(("one", "other"), [("ada", "bola"), ("e", "é"), ("a b", "ab")])
    def test_differs_for_different_names(self, one: str, other: str) -> None:
        assert name_key(one) != name_key(other)

    @given(st.text())
    def test_of_a_key_is_the_key(self, text: str) -> None:
        key = name_key(text)

        assert name_key(key) == key

    # Beyond Latin-1 upper case has exceptions, such as the dotless i of Turkish.
    @given(st.text(alphabet=st.characters(max_codepoint=0xFF)))
    def test_forgets_case(self, text: str) -> None:
        assert name_key(text.swapcase().casefold()) == name_key(text.casefold())


class TestAddressKey:
    @pytest.mark.parametrize(
        ("one", "other", "is_same"),
        [
            ("Ada@Example.COM", "ada@example.com", True),
            ("straße@example.com", "STRASSE@example.com", True),
            ("ada@straße.example", "ada@strasse.example", False),
            ("ada@STRAẞE.example", "ada@straße.example", True),
            ("ada@M\u00dcLLER.example", "ada@mu\u0308ller.example", True),
            ("ada\uff20example.com", "ada@example.com", True),
        ],
    )
    def test_is_shared_by_one_mailbox(self, one: str, other: str, is_same: bool) -> None:
        assert (address_key(one) == address_key(other)) == is_same


PLAIN: list[tuple[str, str]] = [
    ("José Díaz", "jose diaz"),
    ("Adéṣọlá Ògúnbọ̀wálé", "adesola ogunbowale"),
    ("Seán O’Connor", "sean o'connor"),
    ("O‘Neil Oʼneil O´Neil", "o'neil o'neil o'neil"),
    ("Müller Straße", "muller strasse"),
    ("Łukasz Søren Đorđe Æsir", "lukasz soren dorde aesir"),
    ("İbrahim Yıldız ISPARTA ısparta", "ibrahim yildiz isparta isparta"),
    ("Ɗan Ƙwarai, Yaa Asɔ, Ewɛ", "dan kwarai, yaa aso, ewe"),
    ("Σίσυφος", "σισυφοσ"),
    ("Ёлка", "елка"),
    ("Jean‑Luc", "jean-luc"),
    ("cafe\u0301 ﬁlm ＡＤＡ", "cafe film ada"),
    ("بِسْمِ", "بسم"),
    ("نمی\u200cخواهم", "نمیخواهم"),
]
"""Names, and how a person with a plain keyboard types them."""


class TestSearchKey:
    @pytest.mark.parametrize(("text", "typed"), PLAIN)
    def test_is_what_people_type(self, text: str, typed: str) -> None:
        assert search_key(text) == search_key(typed) == typed

    @pytest.mark.parametrize(("one", "other"), [("が", "か"), ("กิน", "กน"), ("각", "가")])
    def test_keeps_marks_that_make_another_letter(self, one: str, other: str) -> None:
        assert search_key(one) != search_key(other)

    @given(st.text())
    def test_of_a_key_is_the_key(self, text: str) -> None:
        key = search_key(text)

        assert search_key(key) == key

    def test_joins_what_there_is(self) -> None:
        assert search_key("Lagos JAZZ", None, "", "Café") == "lagos jazz\ncafe"
