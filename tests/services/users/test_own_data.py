"""People are told all that is kept about them, and nothing about others."""

from collections import Counter
from datetime import timedelta

from app.domain.checkin.doors import Verdict
from app.domain.states import OutboxKind, TransferState
from app.http.services import Services
from app.models.base import Base
from app.models.users.users import User
from app.schemas.users.own_data import OwnDataOut
from tests.steps.door import open_door
from tests.support.factories import PASSWORD, Factory
from tests.support.fakes import START
from tests.support.lines import Line, join

EXPORTED = {
    "login_sessions.user_id",
    "account_requests.user_id",
    "two_step_secrets.user_id",
    "orders.buyer_id",
    "tickets.user_id",
    "ticket_transfers.from_user_id",
    "ticket_transfers.accepted_by",
    "waiting_entries.user_id",
    "event_staff.user_id",
    "events.created_by",
    "order_notes.author_id",
    "export_jobs.requested_by",
    "memberships.user_id",
    "organizations.personal_of",
    "admin_actions.account_id",
}
LEFT_OUT = {
    # Who did something at work, for the event's organizer.
    "event_staff.added_by",
    "scanner_devices.created_by",
    "check_ins.user_id",
    "check_ins.undone_by",
    "invitations.invited_by",
    # Told by orders and transfers.
    "buyer_places.buyer_id",
    "replaced_codes.user_id",
    "replaced_codes.replaced_by",
}


def exported(services: Services, user: User) -> OwnDataOut:
    return OwnDataOut.of(services.users.own_data(user_id=user.id))


class TestExport:
    def test_tells_of_orders_payments_refunds_and_tickets_and_of_no_other_s(
        self, services: Services, make: Factory
    ) -> None:
        organizer, ada = make.user(), make.user(name="ada")
        event = make.event(title="Jazz", organizer=organizer)
        bought = make.buy(ada, event.id, quantity=2)
        services.refund_requests.request_refund(
            order_id=bought.order.id, caller=organizer, ticket_ids=[bought.tickets[0].id]
        )
        make.buy(make.user(), event.id)

        kept = exported(services, ada)

        assert kept.account.email == ada.email
        assert [order.id for order in kept.orders] == [bought.order.id]
        assert [payment.reference for payment in kept.payments] == [bought.payment.reference]
        assert [refund.amount.amount for refund in kept.refunds] == [250_000]
        assert [ticket.id for ticket in kept.tickets] == [ticket.id for ticket in bought.tickets]
        assert {ticket.event_title for ticket in kept.tickets} == {"Jazz"}

    def test_holds_nothing_that_opens_a_door_or_logs_in(
        self, services: Services, make: Factory
    ) -> None:
        ada = make.user(name="ada")
        bought = make.buy(ada, make.event().id)
        pair = services.sessions.log_in(name="ada", password=PASSWORD)

        text = exported(services, ada).model_dump_json()

        (ticket,) = bought.tickets
        for secret in (ticket.code, ticket.link_key, ada.password_hash, pair.refresh_token):
            assert secret not in text

    def test_tells_of_scans_transfers_and_mails(self, services: Services, make: Factory) -> None:
        door = open_door(services, make, starts_at=START + timedelta(hours=1))
        ada = make.user(name="ada")
        bought = make.buy(ada, door.event_id)
        ticket_id = bought.tickets[0].id
        door.scan(services.tickets.code(services.tickets.get(ticket_id=ticket_id, user_id=ada.id)))
        later = make.buy(ada, make.event().id).tickets[0]
        services.transfers.offer(ticket_id=later.id, giver=ada, email="chi@example.com")
        make.work()

        kept = exported(services, ada)

        assert [(scan.ticket_id, scan.verdict) for scan in kept.scans] == [
            (ticket_id, Verdict.ACCEPTED)
        ]
        (transfer,) = kept.transfers
        assert (transfer.state, transfer.to_email, transfer.was_given) == (
            TransferState.OFFERED,
            "chi@example.com",
            True,
        )
        assert Counter(mail.kind for mail in kept.mails)[OutboxKind.TICKETS_ISSUED] == 2
        assert all(mail.sent_at is not None for mail in kept.mails)

    def test_tells_of_logins_links_waits_staff_and_events(
        self, services: Services, make: Factory, new_user: User
    ) -> None:
        services.sessions.log_in(name=new_user.username, password=PASSWORD)
        organizer = make.user(name="organizer")
        event = make.event(organizer=organizer, capacity=1)
        services.staff.take_on(event_id=event.id, organizer=organizer, name=new_user.username)
        make.work()
        waiting = make.user()
        line = Line(make, event)
        join(services, waiting, event, 1)

        kept, of_organizer = exported(services, new_user), exported(services, organizer)

        assert len(kept.sessions) == 1
        assert [request.email for request in kept.requests] == [new_user.email]
        assert [mail.kind for mail in kept.mails] == [OutboxKind.EMAIL_CONFIRMATION]
        assert [staff.event_id for staff in kept.staff_of] == [event.id]
        assert [event.title for event in of_organizer.events] == ["Lagos Jazz Night"]
        assert of_organizer.staff_of == []
        assert [wait.event_id for wait in exported(services, waiting).waiting_lists] == [event.id]
        assert exported(services, line.holder).waiting_lists == []


class TestEveryReferenceToAnAccount:
    def test_is_exported_or_left_out_for_a_reason(self) -> None:
        references = {
            f"{table.name}.{key.parent.name}"
            for table in Base.metadata.tables.values()
            for key in table.foreign_keys
            if key.column.table.name == "users"
        }

        assert references == EXPORTED | LEFT_OUT
