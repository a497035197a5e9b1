"""Refusals at the door that are no verdict on a ticket."""

from datetime import timedelta

from app.domain.errors.kinds import Conflict, NotFound, Unauthenticated, Unavailable


class StaffNotFound(NotFound):
    title = "This account is not among the event's staff."

    def __init__(self, user_id: int) -> None:
        super().__init__(f"Account {user_id} is not among the staff.", user_id=user_id)


class DeviceNotFound(NotFound):
    title = "The event has no scanner with this id."

    def __init__(self, device_id: int) -> None:
        super().__init__(f"The event has no scanner {device_id}.", device_id=device_id)


class EnrolmentInvalid(NotFound):
    title = "The enrolment code is unknown, used or ended."
    sentence = "This enrolment code is not one of ours, was used, or has ended."


class ScannerNotEnrolled(Unauthenticated):
    title = "This needs the token of a scanner device that was not revoked."
    sentence = "Send the token of a scanner that is enrolled and was not revoked."


class CheckInNotFound(NotFound):
    title = "The event has no check-in with this id."

    def __init__(self, check_in_id: int) -> None:
        super().__init__(f"The event has no check-in {check_in_id}.", check_in_id=check_in_id)


class CheckInNotUndoable(Conflict):
    title = "Only the last accepted check-in of a ticket can be undone, and once."

    def __init__(self, check_in_id: int) -> None:
        super().__init__(
            "Only the last accepted check-in of a ticket can be undone, and once.",
            check_in_id=check_in_id,
        )


class TooManyStreams(Unavailable):
    title = "Too many attendance streams are open: in all, of the caller, or of the event."
    sentence = "Too many streams of counts are open; close one, or ask for the counts instead."
    retry_after = timedelta(seconds=10)
