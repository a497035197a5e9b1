"""In whose name mails about an organization's events come, as a real mail server takes them."""

from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage

import pytest

from app.clients.mail.mailer import SmtpMailer
from app.config import Settings
from app.domain.permissions import OrganizationRole
from app.http.services import Services
from app.services.operations.mail_delivery import MailDeliveryService
from app.services.operations.mail_limits import MailBudget
from app.services.organizers.organizations import OrganizationChanges
from app.wiring.adapters import Adapters
from app.wiring.areas.mails import composers
from tests.clients.mail.mail_servers import Mailbox, serving
from tests.steps.organizations import Band
from tests.support.factories import Factory
from tests.support.pictures import photo

SHOP = "tickets@shop.example"
PATIENCE = timedelta(seconds=20)

Deliver = Callable[..., dict[str, EmailMessage]]


@pytest.fixture
def delivered(outside: Adapters, settings: Settings) -> Deliver:
    """Sends what is due to a mail server, and gives what that took, by address."""

    def deliver(
        *, public_url: str | None = None, sender: str = f"Tickets <{SHOP}>"
    ) -> dict[str, EmailMessage]:
        there = settings.model_copy(update={"public_url": public_url or settings.public_url})
        with serving(box := Mailbox()) as port:
            MailDeliveryService(
                database=outside.database,
                clock=outside.clock,
                mailer=SmtpMailer(
                    f"smtp://127.0.0.1:{port}", sender, PATIENCE, clock=outside.clock
                ),
                composers=composers(outside, there),
                budget=MailBudget(20),
            ).send_due()
        return dict(zip(box.recipients, box.letters, strict=True))

    return deliver


@pytest.fixture
def owe(services: Services, make: Factory, band: Band) -> Callable[..., str]:
    """Changes the organization, and owes a mail about its event to the address it gives."""

    def buy(**changes: str) -> str:
        services.organizations.edit(
            member=band.owner, organization_id=band.id, changes=OrganizationChanges(**changes)
        )
        event = make.event(organizer=band.owner, organization_id=band.id, price="0")
        buyer = make.user()
        make.order(buyer, event.id)
        return buyer.email

    return buy


def words_of(mail: EmailMessage) -> tuple[str, str]:
    text, page = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert page is not None
    return text.get_content(), page.get_content()


def without_spaces(text: str) -> str:
    """The library that reads mails here puts spaces where a long name goes on in the next line."""
    return text.replace(" ", "")


class TestSender:
    def test_has_the_organizations_name_before_the_shops(
        self, delivered: Deliver, owe: Callable[..., str]
    ) -> None:
        address = owe(name="Ilé Orin & Co", contact_email="hello@band.example")

        mail = delivered()[address]

        (sender,) = mail["From"].addresses
        assert (sender.display_name, sender.addr_spec) == ("Ilé Orin & Co via Tickets", SHOP)
        assert mail["Reply-To"] == "hello@band.example"
        text, page = words_of(mail)
        assert text.splitlines()[-2:] == ["", "Organized by Ilé Orin & Co, hello@band.example"]
        assert "<strong>Ilé Orin &amp; Co</strong>" in page
        assert (
            'Ilé Orin &amp; Co, <a href="mailto:hello@band.example">hello@band.example</a>' in page
        )

    @pytest.mark.parametrize(
        ("name", "shown"),
        [
            ('Jazz "<evil@example.com>", ada@example.com', None),
            ("Jazz, Blues; Co:", None),
            ("=?utf-8?q?Paystack=0D=0ABcc:_eve=40example.com?=", None),
            ("Jazz\r\nBcc: eve@example.com", "Jazz Bcc: eve@example.com"),
            ("Jazz\N{RIGHT-TO-LEFT OVERRIDE}gro.knab", "Jazzgro.knab"),
            ("\N{LINE SEPARATOR}Jazz\x00", "Jazz"),
            ("Ọjọ́ Àjọ̀dún" * 9, "Ọjọ́ Àjọ̀dún" * 9),
        ],
    )
    def test_is_one_address_whatever_the_name_is(
        self, delivered: Deliver, owe: Callable[..., str], name: str, shown: str | None
    ) -> None:
        address = owe(name=name.replace("\x00", "\x07"))

        mail = delivered()[address]

        (sender,) = mail["From"].addresses
        assert sender.addr_spec == SHOP
        told = shown or name.replace("=?", "= ?")
        assert without_spaces(sender.display_name) == without_spaces(f"{told} via Tickets")
        assert [mail["To"], mail["Bcc"], mail["Cc"]] == [address, None, None]
        assert len(mail.get_all("From", [])) == 1

    def test_of_a_shop_without_a_name_is_told_by_its_domain(
        self, delivered: Deliver, owe: Callable[..., str]
    ) -> None:
        address = owe(name="Band")

        (sender,) = delivered(sender=SHOP)[address]["From"].addresses

        assert sender.display_name == "Band via shop.example"

    def test_of_mails_about_no_event_is_the_shop(self, delivered: Deliver, band: Band) -> None:
        band.invite("asked@example.com", OrganizationRole.MANAGER)

        mail = delivered()["asked@example.com"]

        assert mail["From"] == f"Tickets <{SHOP}>"
        assert mail["Reply-To"] is None
        assert "Organized by" not in "".join(words_of(mail))


class TestLogo:
    @pytest.fixture(autouse=True)
    def _uploaded(self, services: Services, band: Band) -> None:
        services.organizations.upload_logo(
            organization_id=band.id, owner=band.owner, content=photo(480, 120, kind="PNG")
        )

    def test_is_linked_to_where_the_shop_is_safe_to_reach(
        self, services: Services, delivered: Deliver, owe: Callable[..., str], band: Band
    ) -> None:
        address = owe(name="The <b>Band</b>")
        logo = services.organizations.get(member=band.owner, organization_id=band.id).logo
        assert logo is not None

        text, page = words_of(delivered()[address])

        assert (
            f'<img src="https://shop.test/pictures/{logo.largest.name}" '
            'alt="The &lt;b&gt;Band&lt;/b&gt;" width="160" height="40">'
        ) in page
        assert "Organized by The <b>Band</b>" in text
        assert "/pictures/" not in text

    def test_is_left_out_elsewhere(self, delivered: Deliver, owe: Callable[..., str]) -> None:
        address = owe(name="Band")

        _, page = words_of(delivered(public_url="http://127.0.0.1:8000")[address])

        assert "/pictures/" not in page
        assert "<strong>Band</strong>" in page
