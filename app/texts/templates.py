"""How templates of pages and mails are read: what stands in them, and in which language."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from app.texts import amounts, moments
from app.texts.catalogue import language, ngettext, told, translated


def environment(folder: Path) -> Environment:
    """Templates of a folder. HTML is escaped, and so is what ``{% trans %}`` puts into words.

    ``_("…")`` is for words that stand in the template. What comes from elsewhere goes through the
    filter ``translated``, or ``told`` if it is a refusal: their outcome is escaped like any text.
    """
    made = Environment(
        loader=FileSystemLoader(folder),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        auto_reload=False,  # the files are part of the program
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.install_gettext_callables(translated, ngettext, newstyle=True)  # type: ignore[attr-defined]  # of the extension
    made.globals["language"] = language
    made.filters.update(
        translated=translated,
        told=told,
        moment=moments.moment,
        spoken=moments.spoken,
        respoken=moments.respoken,
        short_moment=moments.short_moment,
        short_day=moments.short_day,
        clock_time=moments.clock_time,
        same_day=moments.same_day,
        day=moments.day,
        short_month=moments.short_month,
        written=amounts.written,
        in_code=amounts.in_code,
        price=amounts.price,
    )
    return made
