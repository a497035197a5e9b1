"""Mails and tickets come in the language of who buys, also when they are written later."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.ids import EventId
from app.domain.languages import Language
from app.http.services import Services
from app.repositories.database import Database
from app.services.users.guests import guest_row
from app.wiring.adapters import Adapters
from tests.steps.checkouts import ADA, Shopper
from tests.support.factories import Factory
from tests.support.fakes import START, FakeClock, FakeMailer
from tests.support.prints import pdf_text

AWA = replace(ADA, name="Awa Koné", language=Language.FRENCH)


@pytest.mark.usefixtures("audited")
class TestLanguages:
    @pytest.mark.smoke
    def test_of_a_guest_is_that_of_the_tickets_and_their_mail(
        self,
        check_out: Shopper,
        concert: EventId,
        services: Services,
        mailer: FakeMailer,
        make: Factory,
    ) -> None:
        opened = check_out(concert, guest=AWA, quantity=2)
        assert opened.payment is not None
        ticket = services.settlement.settle(opened.payment.reference).tickets[0]

        make.work()

        (mail,) = mailer.to(AWA.email)
        assert mail.subject == "Vos billets pour Lagos Jazz Night"
        assert mail.text.startswith("Bonjour Awa Koné,")
        assert "Payé\u00a0: 5\u202f000,00\u00a0₦" in mail.text
        assert '<html lang="fr">' in str(mail.html)
        listing = services.tickets.get(ticket_id=ticket.id, user_id=ticket.user_id)
        printed = "\n".join(pdf_text(services.tickets.pdf(services.tickets.printed(listing))))
        assert "Prix payé" in printed
        assert "mercredi 31 mars 2027" in printed
        assert "Présentez ce code" in printed
        assert "Show" not in printed

    def test_of_a_guest_is_that_of_what_comes_later(
        self,
        check_out: Shopper,
        concert: EventId,
        services: Services,
        mailer: FakeMailer,
        make: Factory,
        clock: FakeClock,
    ) -> None:
        opened = check_out(concert, guest=AWA)
        assert opened.payment is not None
        services.settlement.settle(opened.payment.reference)
        clock.advance(timedelta(days=29, hours=12))

        make.work()

        assert "Bientôt : Lagos Jazz Night" in [mail.subject for mail in mailer.to(AWA.email)]

    def test_of_the_next_order_is_its_own(self, database: Database, outside: Adapters) -> None:
        def row(language: Language | None) -> Language | None:
            with database.writing() as work:
                guest = replace(ADA, language=language)
                return guest_row(work, guest, ids=outside.ids, now=START).language

        assert [row(Language.FRENCH), row(None), row(Language.ENGLISH)] == ["fr", "fr", "en"]

    def test_of_an_account_is_that_of_its_mails(
        self, services: Services, mailer: FakeMailer, make: Factory
    ) -> None:
        services.users.register(
            email="awa@example.com",
            username="awa",
            password="password123",
            language=Language.FRENCH,
        )

        make.work()

        (mail,) = mailer.to("awa@example.com")
        assert mail.subject == "Confirmez votre adresse e-mail"
