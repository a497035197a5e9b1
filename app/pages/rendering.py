from pathlib import Path
from typing import Final

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.http.addresses import ROOT_PATH

_TEMPLATES: Final = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("templates")),
    autoescape=True,
    undefined=StrictUndefined,
)

_POLICY: Final = (
    "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; "
    "base-uri 'none'; form-action {forms}; frame-ancestors 'none'"
)


def page(
    template: str, *, status: int = 200, has_form: bool = False, **values: object
) -> HTMLResponse:
    """A page for people. It loads nothing from elsewhere and runs no script.

    A form goes to this shop only, and only from a page that has one. ``root_path`` in a template is
    what the shop's own paths begin with.
    """
    content = _TEMPLATES.get_template(template).render(root_path=ROOT_PATH.get(), **values)
    policy = _POLICY.format(forms="'self'" if has_form else "'none'")
    return HTMLResponse(content, status, {"Content-Security-Policy": policy})
