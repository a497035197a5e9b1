"""Words of the scanner's scripts, which the page brings along in the reader's language.

Each stands in a script as ``_("…")`` once more; a test compares.
"""

from typing import Final

from app.domain.languages import marked

WORDS: Final = (
    marked("The server answered %(status)s."),
    marked("The scanner works only at an address with https."),
    marked("The server does not answer. Try again."),
    marked(
        "This phone checks tickets of %(event)s. The link you opened gives it other work. "
        "Go on only if your organizer gave you this link."
    ),
    marked("Scans of %(event)s are not sent yet. Connect, then enrol again."),
    marked("This phone could not keep the scan."),
    marked("Allow this page to use the camera. Codes can be typed below."),
    marked("No camera can be opened here. Codes can be typed below."),
    marked("Leave this event? The phone then needs a new enrolment code."),
    marked("%(number)s scans are not sent and would be lost."),
    marked("This browser cannot be a scanner: %(reason)s"),
    marked("The phone's storage refused."),
    marked("Accepted"),
    marked("Refused"),
    marked("%(event)s: scanner"),
    marked("Scanned at %(time)s, decided by this phone"),
    marked("Scanned at %(time)s"),
    marked("Point the camera at a ticket."),
    marked("Last: %(verdict)s"),
    marked("Let them in"),
    marked("They may leave and come back"),
    marked("Not a ticket we know"),
    marked("Forged ticket"),
    marked("Ticket for another event"),
    marked("Replaced by a newer ticket"),
    marked("Refunded"),
    marked("Revoked by the organizer"),
    marked("The event is cancelled"),
    marked("The doors are not open yet"),
    marked("The event is over"),
    marked("Already used"),
    marked("Not inside, so cannot leave"),
    marked("This event has no way out and in again"),
    marked("Admitted at %(time)s, gate %(gate)s"),
    marked("Admitted at %(time)s"),
    marked("%(time)s on %(day)s"),
    marked("synced %(time)s"),
    marked("never synced"),
    marked("%(number)s to send"),
    marked("Online"),
    marked("Offline"),
    marked("The server does not accept this phone any more: %(reason)s"),
    marked("%(trouble)s. Tell the organizer."),
    marked("1 guest was admitted twice while offline"),
    marked("%(number)s guests were admitted twice while offline"),
    marked("1 scan could not be sent"),
    marked("%(number)s scans could not be sent"),
)
