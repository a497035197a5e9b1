from pydantic import BaseModel, ConfigDict, Field


class FieldErrorOut(BaseModel):
    """A value that breaks a rule."""

    pointer: str = Field(description="Where: `/ticket_price` in the body, or a parameter's name.")
    detail: str = Field(description="The rule it breaks.")


class ProblemOut(BaseModel):
    """A refusal (RFC 9457). Further members carry its facts."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(description="`/problems/` and the code.")
    title: str
    status: int
    detail: str
    instance: str
    code: str = Field(description="Stable; program against it.")
    errors: list[FieldErrorOut] | None = None
