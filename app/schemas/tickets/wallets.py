from pydantic import Field

from app.schemas.base import ResponseBody


class SaveLinkOut(ResponseBody):
    """Where to go to keep the ticket in a wallet."""

    url: str = Field(description="Holds the ticket's code: anyone who has it has the ticket.")
