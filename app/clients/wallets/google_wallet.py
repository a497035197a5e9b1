"""Links that save tickets in Google Wallet: a signed token with the whole ticket in the address.

The form is Google's "Event tickets: JWT". Nothing is sent: the link itself holds the token.
"""

import json
from datetime import datetime
from typing import Any, Final

from jose import jwt
from jose.exceptions import JOSEError

from app.domain.events.schedules import When
from app.domain.listings import PrintedTicket
from app.texts.catalogue import _, written_in
from app.texts.moments import moment

_SAVE: Final = "https://pay.google.com/gp/v/save/"


class SignedGoogleWallet:
    """Signs with the key of a service account.

    Args:
        service_account: the JSON text of the account's key file.
        issuer: the number Google knows the organizer by.

    Raises:
        ValueError: the text is no key file.
    """

    def __init__(self, service_account: str, *, issuer: str) -> None:
        self._issuer = issuer
        try:
            account = json.loads(service_account)
            self._email: str = account["client_email"]
            self._key: str = account["private_key"]
            jwt.encode({}, self._key, "RS256")
        except (ValueError, KeyError, TypeError, JOSEError):
            raise ValueError("this is no key file of a service account") from None

    def save_link(self, printed: PrintedTicket, *, code: str, now: datetime) -> str:
        """An address whose token holds the ticket and its code: a secret like the ticket itself."""
        event, ticket = self._event(printed), self._ticket(printed, code)
        claims = {
            "iss": self._email,
            "aud": "google",
            "typ": "savetowallet",
            "iat": int(now.timestamp()),
            "payload": {"eventTicketClasses": [event], "eventTicketObjects": [ticket]},
        }
        return _SAVE + jwt.encode(claims, self._key, "RS256")

    def _event(self, printed: PrintedTicket) -> dict[str, Any]:
        ticket = printed.ticket
        with written_in(printed.language):
            organizer = _("Tickets")
        return {
            "id": self._class_id(printed),
            "issuerName": printed.paper.organizer or organizer,
            "reviewStatus": "UNDER_REVIEW",
            "eventName": _text(ticket.event_title),
            "venue": {
                "name": _text(ticket.event_location),
                "address": _text(ticket.event_location),
            },
            **_date_time(ticket.when),
        }

    def _ticket(self, printed: PrintedTicket, code: str) -> dict[str, Any]:
        ticket = printed.ticket
        return {
            "id": f"{self._issuer}.ticket-{ticket.id}-{ticket.version}",
            "classId": self._class_id(printed),
            "state": "INACTIVE" if printed.why_not_good else "ACTIVE",
            "ticketHolderName": printed.paper.holder,
            "ticketNumber": str(ticket.id),
            "ticketType": _text(ticket.ticket_type),
            "barcode": {
                "type": "QR_CODE",
                "value": code,
                "alternateText": ticket.short_code,
            },
            **_days(printed),
        }

    def _class_id(self, printed: PrintedTicket) -> str:
        return f"{self._issuer}.event-{printed.ticket.event_id}"


def _date_time(when: When) -> dict[str, Any]:
    """When it begins and ends; nothing of whole days, which Google would show with a time."""
    if when.all_day:
        return {}
    dates = {"start": when.starts_at.isoformat()}
    if when.ends_at is not None:
        dates["end"] = when.ends_at.isoformat()
    return {"dateTime": dates}


def _days(printed: PrintedTicket) -> dict[str, Any]:
    """Whole days in words; nothing of an event that has a time."""
    if not printed.ticket.all_day:
        return {}
    with written_in(printed.language):
        words = {"id": "when", "header": _("When"), "body": moment(printed.ticket.when)}
    return {"textModulesData": [words]}


def _text(value: str) -> dict[str, dict[str, str]]:
    return {"defaultValue": {"language": "en", "value": value}}
