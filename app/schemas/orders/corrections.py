from pydantic import ConfigDict, Field

from app.schemas.base import RequestBody
from app.schemas.orders.orders import AttendeeName
from app.schemas.people import Email


class BuyerCorrection(RequestBody):
    """Where the buyer's mail is to go."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"email": "ada.obi@example.com"}]})

    email: Email = Field(description="The address as it should have been typed.")


class AttendeeCorrection(RequestBody):
    """Who will come with a ticket."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"attendee_name": "Ada Obi"}]})

    attendee_name: AttendeeName | None = Field(description="`null`: the ticket bears no name.")
