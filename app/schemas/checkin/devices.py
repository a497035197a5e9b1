import base64
from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field

from app.domain.ids import DeviceId, EventId
from app.schemas.base import Line, Moment, RequestBody, ResponseBody
from app.services.checkin.devices import Enrolment, Scanner

Gate = Annotated[Line, Field(min_length=1, max_length=60)]


class DeviceCreate(RequestBody):
    """A phone that is to become a scanner."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"name": "Phone 3", "gate": "North"}]}
    )

    name: Line = Field(min_length=1, max_length=100, description="What it is called in lists.")
    gate: Gate | None = Field(default=None, description="Where it stands.")


class DeviceOut(ResponseBody):
    """A scanner of the event."""

    id: DeviceId
    event_id: EventId
    name: str
    gate: str | None
    created_at: Moment
    enrolled_at: Moment | None = Field(description="`null`: no phone has taken it yet.")
    last_seen_at: Moment | None = Field(description="To the minute.")
    revoked_at: Moment | None


class EnrolmentOut(ResponseBody):
    """What the phone needs, once. It cannot be shown again."""

    code: str
    url: str = Field(description="Open it on the phone.")
    expires_at: Moment
    qr_code_base64: str = Field(description="The address as a QR code: a PNG in base64.")


class NewDeviceOut(DeviceOut):
    """A scanner that waits for its phone."""

    enrolment: EnrolmentOut

    @classmethod
    def made(cls, made: Enrolment) -> Self:
        qr_code = base64.b64encode(made.qr_png).decode()
        enrolment = EnrolmentOut.from_fields(made, qr_code_base64=qr_code)
        return cls.from_fields(made.device, enrolment=enrolment)


class EnrolRequest(RequestBody):
    """The code from the scanner's QR code."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"code": "kX0Yk6Zb3v8qJt1s5w9RmA2cD4eF6gH7iJ8kL9mN0oP"}]}
    )

    code: Line = Field(min_length=1, max_length=100)


class ScannerOut(ResponseBody):
    """The scanner itself."""

    id: DeviceId
    name: str
    gate: str | None
    event_id: EventId


class DoorEventOut(ResponseBody):
    """The event whose tickets are checked."""

    id: EventId
    title: str
    starts_at: Moment
    ends_at: Moment | None
    all_day: bool = Field(description="Whether it lasts whole days: show days, not times.")
    doors_open_at: Moment | None
    time_zone: str
    reentry: bool = Field(description="Whether people may leave and come back.")


class EnrolledScannerOut(ResponseBody):
    """A scanner and its event."""

    device: ScannerOut
    event: DoorEventOut


class ScannerTokenOut(EnrolledScannerOut):
    """What a scanner calls with from now on."""

    access_token: str
    token_type: Literal["bearer"] = "bearer"  # noqa: S105  (RFC 6750)

    @classmethod
    def issued(cls, token: str, scanner: Scanner) -> Self:
        return cls.from_fields(scanner, access_token=token)
