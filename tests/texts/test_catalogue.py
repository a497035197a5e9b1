from collections.abc import Iterator

import pytest
from babel.messages.catalog import Catalog
from jinja2 import nodes

from app.domain.errors import SoldOut, TooManyUnpaidPlaces
from app.domain.languages import Language
from app.schemas.validation_texts import rule_text
from app.texts.catalogue import _, language, ngettext, told, translated, written_in
from scripts.found_texts import all_texts, templates
from scripts.texts import faults, faults_of, sides_of
from scripts.unmarked_words import SYNTAX, unmarked_in, unmarked_words


class TestCatalogue:
    def test_has_french_for_all_words(self) -> None:
        assert not list(faults(Language.FRENCH))

    def test_of_templates_leaves_no_words_unmarked(self) -> None:
        assert not list(unmarked_words())

    def test_is_the_english_words_unless_another_language_is_read(self) -> None:
        assert language() is Language.ENGLISH
        assert translated("Sold out") == "Sold out"
        assert _("%(number)s left", number=3) == "3 left"
        assert ngettext("%(number)s place", "%(number)s places", 2) == "%(number)s places"

    def test_is_read_in_the_language_of_a_block(self) -> None:
        with written_in(Language.FRENCH):
            assert translated("Sold out") == "Complet"
            assert _("%(number)s left", number=3) == "Plus que 3"
            assert translated("Lagos Jazz Night") == "Lagos Jazz Night"
            assert translated("") == ""

        assert translated("Sold out") == "Sold out"

    @pytest.mark.parametrize(("number", "word"), [(0, "place"), (1, "place"), (2, "places")])
    def test_counts_as_french_does(self, number: int, word: str) -> None:
        one, many = "%(number)s place for %(event)s", "%(number)s places for %(event)s"

        with written_in(Language.FRENCH):
            words = ngettext(one, many, number) % {"number": number, "event": "Jazz"}

        assert words == f"{number} {word} pour Jazz"


class TestTold:
    """Sentences of refusals are found by the words around their values."""

    def test_keeps_the_values(self) -> None:
        with written_in(Language.FRENCH):
            assert told(SoldOut(1, 3).detail) == "Il reste moins de 3 places."
            assert told(SoldOut(1, 1).detail) == "Il ne reste plus de place."
            several = told(TooManyUnpaidPlaces(1, 5, 20).detail)

        assert "20 places non payées" in several
        assert "en 5 commandes" in several

    def test_translates_what_stands_in_their_places(self) -> None:
        found = {
            "type": "too_long",
            "loc": ("items",),
            "ctx": {"field_type": "List", "max_length": 10, "actual_length": 12},
        }

        with written_in(Language.FRENCH):
            assert told(rule_text(found)) == "Accepte au plus 10, et non 12."

    @pytest.mark.parametrize(
        "text",
        ["", "Fewer than", "Fewer than {requested} places", "{", "}{", "%(number)s left %"],
    )
    def test_leaves_other_texts_as_they_are(self, text: str) -> None:
        with written_in(Language.FRENCH):
            assert told(text) == text

    def test_puts_hostile_values_in_as_they_are(self) -> None:
        with written_in(Language.FRENCH):
            words = told("You have no order {x} %s <b>.")

        assert words == "Vous n\u2019avez pas de commande {x} %s <b>."


class TestFaults:
    """The check would find what is not right."""

    def found(self, english: str | tuple[str, str], french: str | tuple[str, str]) -> list[str]:
        catalogue = Catalog(locale="fr")
        catalogue.add(english, french)
        return list(faults_of(catalogue, {english}))

    def test_find_nothing_in_good_ones(self) -> None:
        assert not self.found("%(number)s left", "Plus que %(number)s")
        assert not self.found(("One", "%(n)s of it"), ("Un", "%(n)s de cela"))
        assert not self.found("<b>All</b> {x}", "<b>Tout</b> {x}")

    @pytest.mark.parametrize(
        ("english", "french"),
        [
            ("Left", ""),
            ("%(number)s left", "Plus que %(nombre)s"),
            ("%(number)s left", "Plus que"),
            ("{x} left", "Plus que"),
            ("<b>All</b>", "Tout"),
            ('<a href="%(a)s">All</a>', '<a href="%(a)s" title="x">Tout</a>'),
            (("One", "%(n)s ones"), ("Un", "")),
        ],
    )
    def test_find_bad_ones(
        self, english: str | tuple[str, str], french: str | tuple[str, str]
    ) -> None:
        assert self.found(english, french)

    def test_find_missing_left_over_and_uncertain_ones(self) -> None:
        catalogue = Catalog(locale="fr")
        catalogue.add("Known", "Connu", flags=["fuzzy"])
        catalogue.add("Gone", "Parti")

        found = "\n".join(faults_of(catalogue, {"Known", "New"}))

        assert "New" in found
        assert "Gone" in found
        assert "fuzzy" in found


class TestUnmarkedWords:
    """Templates are read as people see them."""

    @pytest.mark.parametrize(
        "source",
        [
            "<p>Words</p>",
            '<input placeholder="Words">',
            '<nav aria-label="Words"></nav>',
            '<img alt="Words">',
            '<meta name="description" content="Words">',
            '{{ "Words" if number == 1 else number }}',
            '{{ number ~ " words" }}',
            '{{ name or "Words" }}',
            '{{ field("name", "Your name", values) }}',
            '{{ field("name", values, hint="May be empty.") }}',
            "{% if x %}<b>Words</b>{% endif %}",
            "{% block title %}Words{% endblock %}",
        ],
    )
    def test_are_found(self, source: str) -> None:
        assert unmarked_in(source)

    @pytest.mark.parametrize(
        "source",
        [
            '<p class="small">{{ _("Words") }}</p>',
            "{% trans %}Words <b>and</b> tags{% endtrans %}",
            "{% trans n=number %}{{ n }} word{% pluralize %}{{ n }} words{% endtrans %}",
            '<input placeholder="{{ _(\'Words\') }}" name="name" autocomplete="name">',
            '{{ field("name", _("Your name"), values, type="email") }}',
            '<meta name="viewport" content="width=device-width">',
            "{# Words for who reads the template #}",
            '<script type="application/ld+json">{{ data | tojson }}</script>',
            "<p>· × – 12:30</p>",  # noqa: RUF001  (signs of templates)
            '{{ each.get("name", "") }}',
        ],
    )
    def test_are_not_seen_where_none_are(self, source: str) -> None:
        assert not unmarked_in(source)

    def test_come_from_the_code_as_well(self) -> None:
        found = {text.message for text in all_texts()}

        assert "Held for you" in found
        assert "Fewer than {requested} places are left." in found
        assert "must not contain the character NUL" in found


class TestTemplates:
    """What `_()` puts out is taken for HTML, so it takes no words from elsewhere."""

    def test_translate_only_words_that_stand_in_them(self) -> None:
        found = [
            f"{file.name}: {call}"
            for file in templates()
            for call in trusted_in(file.read_text(encoding="utf-8"))
        ]

        assert not found

    @pytest.mark.parametrize(
        ("source", "is_found"),
        [
            ("{{ _(title) }}", True),
            ("{{ gettext(event.title) }}", True),
            ('{{ ngettext("one", words, number) }}', True),
            ('{{ _("Left " ~ title) }}', True),
            ('{{ _("Left") | safe }}', True),
            ('{{ _("%(title)s", title=title) }}', False),
            ("{{ title | translated }}", False),
        ],
    )
    def test_would_be_found(self, source: str, is_found: bool) -> None:
        assert bool(list(trusted_in(source))) == is_found


def trusted_in(source: str) -> Iterator[str]:
    """Calls whose words come from elsewhere, and what is said to be HTML already."""
    tree = SYNTAX.parse(source)
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name in ("_", "gettext", "ngettext"):
            texts = call.args[:2] if call.node.name == "ngettext" else call.args
            if not all(isinstance(each, nodes.Const) for each in texts):
                yield str(call)
    yield from (str(each) for each in tree.find_all(nodes.Filter) if each.name == "safe")


class TestConflicts:
    def test_keep_both_sides(self) -> None:
        merged = "one\n<<<<<<< ours\ntwo\n=======\nthree\n>>>>>>> theirs\nfour\n"

        assert sides_of(merged) == ["one\ntwo\nfour\n", "one\nthree\nfour\n"]
        assert sides_of("one\n=======\n") == ["one\n=======\n"]
