"""The words of our mails, kept in ``templates/`` as text and as HTML."""

from pathlib import Path

from app.domain.languages import Language
from app.domain.ports import MailSender, MailText
from app.texts.catalogue import written_in
from app.texts.templates import environment


class JinjaMailTemplates:
    """Renders ``NAME.txt``, whose first line is the subject, and ``NAME.html``."""

    def __init__(self) -> None:
        self._templates = environment(Path(__file__).with_name("templates"))

    def render(
        self, name: str, *, language: Language, sender: MailSender | None = None, **values: object
    ) -> MailText:
        """The mail called ``name`` in a language, with these values; HTML is escaped."""
        with written_in(language):
            text = self._templates.get_template(f"{name}.txt").render(**values)
            subject, _, body = text.partition("\n")
            if sender is not None:
                signature = self._templates.get_template("sender.txt").render(sender=sender)
                body = f"{body.rstrip()}\n\n{signature}\n"
            html = self._templates.get_template(f"{name}.html").render(
                subject=subject, sender=sender, **values
            )
        return MailText(subject=" ".join(subject.split()), text=body.lstrip("\n"), html=html)
