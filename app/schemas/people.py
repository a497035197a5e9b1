"""How people are named and reached: field types of more than one area."""

from typing import Annotated

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, Field, WithJsonSchema

from app.domain.users.names import ensure_address
from app.schemas.base import Line, MailLine


def _email(address: str) -> str:
    try:
        # Whether the domain takes mail is not looked up: a laptop may be offline, and DNS is slow.
        return validate_email(address, check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise ValueError(f"must be an e-mail address: {error}") from error


Email = Annotated[
    Line,
    Field(max_length=254),
    AfterValidator(_email),
    AfterValidator(ensure_address),
    WithJsonSchema({"type": "string", "format": "email", "maxLength": 254}),
]
FullName = Annotated[MailLine, Field(min_length=1, max_length=120)]
