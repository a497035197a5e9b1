"""Reading the settings of this process, and saying in words what is wrong with them."""

from pydantic import ValidationError

from app.config.settings import Settings


def read_settings() -> Settings:
    """The settings of this process; wrong ones end it with a message instead of a traceback."""
    try:
        return Settings()
    except ValidationError as error:
        raise SystemExit(f"The settings do not allow a start.\n{_in_words(error)}") from None


def _in_words(error: ValidationError) -> str:
    lines = []
    for mistake in error.errors(include_input=False, include_url=False):
        name = "_".join(str(part) for part in mistake["loc"]).upper()
        says = mistake["msg"].removeprefix("Value error, ").replace("\n", "\n  ")
        lines.append(f"  {name}: {says}" if name else f"  {says}")
    return "\n".join(lines)
