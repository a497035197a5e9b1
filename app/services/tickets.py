"""Tickets: what buyers hold in their hands."""

from collections.abc import Sequence

from app.domain.errors import TicketPageNotFound
from app.domain.ids import TicketId, UserId
from app.domain.listings import TicketListing
from app.domain.paging import Cursor, Page
from app.domain.ports import PublicKey, QrPainter, TicketSigner
from app.repositories.unit_of_work import UnitOfWorkFactory


class TicketService:
    """Shows tickets to those who hold them."""

    def __init__(
        self, *, unit_of_work: UnitOfWorkFactory, signer: TicketSigner, qr: QrPainter
    ) -> None:
        self._unit_of_work = unit_of_work
        self._signer = signer
        self._qr = qr

    def get(self, *, ticket_id: TicketId, user_id: UserId) -> TicketListing:
        """A ticket of the user's.

        Raises:
            TicketNotFound: there is none, or it is somebody else's.
        """
        with self._unit_of_work(read_only=True) as work:
            return work.tickets.listing(ticket_id, user_id=user_id)

    def page(self, *, user_id: UserId, after: Cursor | None, limit: int) -> Page[TicketListing]:
        """One page of the user's tickets, the newest first."""
        with self._unit_of_work(read_only=True) as work:
            return work.tickets.page(user_id, after=after, limit=limit)

    def by_link(self, link_key: str) -> TicketListing:
        """The ticket whose page has this unguessable address.

        Raises:
            TicketPageNotFound: there is none.
        """
        with self._unit_of_work(read_only=True) as work:
            ticket = work.tickets.find_by_link(link_key)
        if ticket is None:
            raise TicketPageNotFound
        return ticket

    def code(self, ticket: TicketListing) -> str:
        """What the ticket's QR code says."""
        return self._signer.sign(ticket.facts, key_id=ticket.key_id)

    def qr_png(self, code: str) -> bytes:
        """A QR code as a picture."""
        return self._qr.png(code)

    def public_keys(self) -> Sequence[PublicKey]:
        """What anybody may check the signatures of codes with, the key that signs now first."""
        return self._signer.public_keys()
