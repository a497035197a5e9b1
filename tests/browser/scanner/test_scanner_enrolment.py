import re

import pytest
from playwright.sync_api import Dialog, Page, expect

from tests.browser.barriers import assert_without_barriers
from tests.browser.scanner.gates import prepare_gate
from tests.browser.scanner.scanner_page import ScannerPage
from tests.programs.servers import Server

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


class TestEnrolment:
    def test_takes_the_code_out_of_the_address_bar_and_works_once(
        self, phone: Page, shop: Server
    ) -> None:
        url = prepare_gate(shop).enrolment_url()
        scanner = ScannerPage(phone)

        scanner.enrol(url)

        assert phone.url == f"{shop.url}/scan"
        expect(phone.get_by_role("heading")).to_have_text("Lagos Jazz Night")
        expect(phone.locator("#gate")).to_have_text("North")
        phone.get_by_text("This phone", exact=True).click()
        phone.on("dialog", lambda dialog: dialog.accept())
        phone.get_by_role("button", name="Leave this event").click()
        phone.get_by_label("Enrolment code or link").fill(url)
        phone.get_by_role("button", name="Enrol this phone").click()
        expect(phone.get_by_role("alert").filter(visible=True)).to_contain_text(re.compile("code"))

    def test_takes_a_pasted_link_and_is_still_known_after_a_restart(
        self, phone: Page, shop: Server
    ) -> None:
        gate = prepare_gate(shop)
        phone.goto(f"{shop.url}/scan")

        phone.get_by_label("Enrolment code or link").fill(gate.enrolment_url())
        phone.get_by_role("button", name="Enrol this phone").click()
        ScannerPage(phone).expect_sync("Online")
        phone.reload()

        expect(phone.get_by_role("heading")).to_have_text("Lagos Jazz Night")

    def test_is_refused_in_words_where_browsers_lend_no_camera(
        self, phone: Page, shop: Server
    ) -> None:
        phone.add_init_script("Object.defineProperty(window, 'isSecureContext', {value: false})")

        phone.goto(f"{shop.url}/scan")

        expect(phone.get_by_role("alert").filter(visible=True)).to_contain_text("https")
        expect(phone.get_by_role("button", name="Enrol this phone")).to_be_hidden()


class TestEnrolmentOfAPhoneAtWork:
    def test_asks_first_and_stays_unless_told_otherwise(self, phone: Page, shop: Server) -> None:
        gate = prepare_gate(shop)
        scanner = ScannerPage(phone)
        scanner.enrol(gate.enrolment_url())
        link = gate.enrolment_url(name="Phone 4", gate="Elsewhere")
        asked: list[str] = []

        def dismiss(dialog: Dialog) -> None:
            asked.append(dialog.message)
            dialog.dismiss()

        phone.once("dialog", dismiss)
        phone.goto("about:blank")
        phone.goto(link)

        expect(phone.locator("#gate")).to_have_text("North")
        scanner.expect_sync("Online")
        assert phone.url == f"{shop.url}/scan"
        assert "Lagos Jazz Night" in asked[0]

        phone.once("dialog", lambda dialog: dialog.accept())
        phone.goto("about:blank")
        phone.goto(link)  # was not used up by the question

        expect(phone.locator("#gate")).to_have_text("Elsewhere")


class TestRevocation:
    def test_ends_scanning_without_network_too(self, phone: Page, shop: Server) -> None:
        gate = prepare_gate(shop)
        [ticket] = gate.buy("Adaeze Okonkwo")
        scanner = ScannerPage(phone)
        scanner.enrol(gate.enrolment_url())
        gate.revoke_devices()

        scanner.type_code(ticket.short_code)

        scanner.expect_verdict("Refused")
        trouble = phone.get_by_role("alert").filter(visible=True)
        expect(trouble).to_contain_text("does not accept this phone any more")
        phone.context.set_offline(True)
        scanner.type_code(ticket.short_code)
        scanner.expect_verdict("Refused")
        assert gate.counts()["admitted"] == 0

    def test_loses_no_scan_when_the_phone_is_enrolled_again(
        self, phone: Page, shop: Server
    ) -> None:
        gate = prepare_gate(shop)
        [ticket] = gate.buy("Adaeze Okonkwo")
        scanner = ScannerPage(phone)
        scanner.enrol(gate.enrolment_url())
        phone.context.set_offline(True)
        scanner.expect_sync("Offline")
        scanner.type_code(ticket.short_code)
        scanner.expect_verdict("Accepted")
        gate.revoke_devices()
        phone.context.set_offline(False)
        expect(phone.get_by_role("alert").filter(visible=True)).to_contain_text("does not accept")
        scanner.expect_sync("Offline · 1 to send")
        phone.once("dialog", lambda dialog: dialog.accept())

        scanner.enrol(gate.enrolment_url())

        assert gate.counts()["admitted"] == 1


class TestLanguage:
    def test_is_the_readers_also_without_network(self, phone: Page, shop: Server) -> None:
        url = prepare_gate(shop).enrolment_url()
        phone.goto(f"{shop.url}/scan?lang=fr")

        phone.goto(url)
        ScannerPage(phone).expect_sync("En ligne · 0 à envoyer · synchronisé")
        phone.get_by_label("Code court").fill("7K3M-Q9XD-2VTB-R5HN")
        phone.get_by_role("button", name="Vérifier").click()

        expect(phone.locator("#word")).to_have_text("Refus")
        expect(phone.locator("#reason")).to_have_text("Billet inconnu")
        phone.evaluate("navigator.serviceWorker.ready.then(() => null)")
        phone.context.set_offline(True)
        phone.reload()
        expect(phone.get_by_role("heading")).to_have_text("Lagos Jazz Night")
        expect(phone.locator("#reason")).to_contain_text("Visez un billet")
        ScannerPage(phone).expect_sync("Hors ligne")


class TestBarriers:
    def test_there_are_none(self, phone: Page, shop: Server) -> None:
        phone.goto(f"{shop.url}/scan")
        expect(phone.get_by_role("button", name="Enrol this phone")).to_be_visible()
        assert_without_barriers(phone)
        ScannerPage(phone).enrol(prepare_gate(shop).enrolment_url())
        assert_without_barriers(phone)
