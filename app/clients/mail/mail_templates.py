"""The words of our mails, kept in ``app/clients/templates`` as text and as HTML."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from app.domain.ports import MailText


class JinjaMailTemplates:
    """Renders ``NAME.txt``, whose first line is the subject, and ``NAME.html``."""

    def __init__(self) -> None:
        self._templates = Environment(
            loader=FileSystemLoader(Path(__file__).with_name("templates")),
            autoescape=select_autoescape(["html"]),
            undefined=StrictUndefined,
            auto_reload=False,  # the files are part of the program
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def render(self, name: str, **values: object) -> MailText:
        """The mail called ``name`` with these values; HTML is escaped."""
        text = self._templates.get_template(f"{name}.txt").render(**values)
        subject, _, body = text.partition("\n")
        html = self._templates.get_template(f"{name}.html").render(subject=subject, **values)
        return MailText(subject=" ".join(subject.split()), text=body.lstrip("\n"), html=html)
