"""Orders of guests go to the account that has shown to own their address."""

from dataclasses import dataclass

from app.domain.ids import UserId
from app.models.users.users import User
from app.repositories.database import Database
from app.repositories.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestClaims:
    """Moves what a guest has to the account with the same address, once that is confirmed.

    It happens when the address is confirmed, and at each login, for what was bought without one
    since. The guest stays, with nothing, for the next order.
    """

    database: Database

    def claim(self, *, user_id: UserId) -> None:
        """Give the account its guest's orders, tickets, offers, waits and counts of places.

        One transaction: all of it, or nothing. An account that is not confirmed or is disabled gets
        nothing.
        """
        while not self._try(user_id):
            pass  # the guest bought once more at this moment

    def _try(self, user_id: UserId) -> bool:
        """Whether it is done; otherwise the guest has more than was locked."""
        with self.database.reading() as work:
            guest = _guest_of(work, work.users.get(user_id))
            if guest is None:
                return True
            orders = list(work.guest_claims.orders_of(guest.id))
            if not orders and not work.guest_claims.has_waits(guest.id):
                return True
        with self.database.writing() as work:
            for order_id in orders:
                work.orders.lock(order_id)
            # New orders name the guest's row, so they wait for it.
            guest = work.users.lock_against_orders(guest.id)
            user = work.users.lock(user_id)
            if _guest_of(work, user) is not guest:
                return True
            if list(work.guest_claims.orders_of(guest.id)) != orders:
                return False
            work.guest_claims.move(guest.id, to=user.id)
        return True


def _guest_of(work: UnitOfWork, user: User) -> User | None:
    """The guest whose things the account may have."""
    if user.is_guest or user.is_disabled or not user.email_confirmed:
        return None
    return work.users.find_guest(user.email)
