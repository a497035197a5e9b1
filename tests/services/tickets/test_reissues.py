import pytest

from app.domain.errors import TicketNotFound, TicketNotRevoked, TicketOutOfUse
from app.domain.ids import TicketId
from app.domain.states import Role
from app.http.services import Services
from app.repositories.database import Database
from tests.steps.transfers import HandOver
from tests.support.factories import Factory
from tests.support.fakes import START, FakeMailer

pytestmark = pytest.mark.usefixtures("audited")


class TestReissue:
    def test_replaces_the_code_and_mails_the_holder_why(
        self, hand_over: HandOver, services: Services, make: Factory, mailer: FakeMailer
    ) -> None:
        make.work()
        mailer.sent.clear()
        old = hand_over.ticket()

        new = services.reissues.reissue(
            ticket_id=old.id, organizer=hand_over.organizer, reason="the phone was stolen"
        )
        make.work()

        assert (new.version, new.user_id) == (2, hand_over.ada.id)
        assert not {new.code, new.link_key} & {old.code, old.link_key}
        (mail,) = mailer.sent
        assert mail.to == hand_over.ada.email
        assert mail.subject == "Your new code for Lagos Jazz Night"
        assert "the phone was stolen" in mail.text
        assert new.code in mail.text
        assert new.link_key in mail.text

    def test_tells_each_time(
        self, hand_over: HandOver, services: Services, make: Factory, mailer: FakeMailer
    ) -> None:
        make.work()
        mailer.sent.clear()
        for reason in ("lost", "lost again"):
            services.reissues.reissue(
                ticket_id=hand_over.ticket_id, organizer=hand_over.organizer, reason=reason
            )
            make.work()

        first, second = mailer.sent
        assert "again: lost." in first.text
        assert "again: lost again." in second.text
        assert first.key != second.key

    def test_leaves_a_used_ticket_used(
        self, hand_over: HandOver, services: Services, database: Database
    ) -> None:
        hand_over.use()

        new = services.reissues.reissue(
            ticket_id=hand_over.ticket_id, organizer=hand_over.organizer, reason="lost"
        )

        assert (new.version, new.used_at, new.inside) == (2, START, True)

    def test_refuses_a_ticket_that_is_not_good(
        self, hand_over: HandOver, services: Services
    ) -> None:
        ticket_id, organizer = hand_over.ticket_id, hand_over.organizer
        services.reissues.revoke(ticket_id=ticket_id, organizer=organizer, reason="resold")
        with pytest.raises(TicketOutOfUse):
            services.reissues.reissue(ticket_id=ticket_id, organizer=organizer, reason="lost")
        hand_over.refund()

        with pytest.raises(TicketOutOfUse) as refused:
            services.reissues.reissue(ticket_id=ticket_id, organizer=organizer, reason="lost")

        assert refused.value.facts["reason"] == "refunded"

    def test_is_for_the_organizer_and_admins(
        self, hand_over: HandOver, services: Services, make: Factory
    ) -> None:
        reissue, ticket_id = services.reissues.reissue, hand_over.ticket_id
        for stranger in (hand_over.ada, make.user(role=Role.ORGANIZER)):
            with pytest.raises(TicketNotFound):
                reissue(ticket_id=ticket_id, organizer=stranger, reason="x")
        with pytest.raises(TicketNotFound):
            reissue(ticket_id=TicketId(999), organizer=hand_over.organizer, reason="x")

        admin = make.user(role=Role.ADMIN)

        assert reissue(ticket_id=ticket_id, organizer=admin, reason="x").version == 2


class TestRevoke:
    def test_bars_the_ticket_and_restore_lets_it_in_again(
        self, hand_over: HandOver, services: Services
    ) -> None:
        ticket_id, organizer = hand_over.ticket_id, hand_over.organizer

        revoked = services.reissues.revoke(
            ticket_id=ticket_id, organizer=organizer, reason="resold"
        )
        services.reissues.restore(ticket_id=ticket_id, organizer=organizer)

        assert (revoked.revoked_at, revoked.revoked_reason) == (START, "resold")
        assert hand_over.ticket().revoked_at is None
        assert hand_over.ticket().version == 1
        with pytest.raises(TicketNotRevoked):
            services.reissues.restore(ticket_id=ticket_id, organizer=organizer)

    def test_happens_once(self, hand_over: HandOver, services: Services) -> None:
        ticket_id, organizer = hand_over.ticket_id, hand_over.organizer
        services.reissues.revoke(ticket_id=ticket_id, organizer=organizer, reason="resold")

        with pytest.raises(TicketOutOfUse):
            services.reissues.revoke(ticket_id=ticket_id, organizer=organizer, reason="again")

        assert hand_over.ticket().revoked_reason == "resold"

    def test_leaves_a_refund_possible(self, hand_over: HandOver, services: Services) -> None:
        ticket_id, organizer = hand_over.ticket_id, hand_over.organizer
        services.reissues.revoke(ticket_id=ticket_id, organizer=organizer, reason="resold")

        hand_over.refund()

        assert hand_over.ticket().status == "void"
        with pytest.raises(TicketNotRevoked):
            services.reissues.restore(ticket_id=ticket_id, organizer=organizer)
