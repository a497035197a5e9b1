import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.chromium import new_phone
from tests.browser.scanner.cameras import FilmedCamera
from tests.browser.scanner.gates import prepare_gate
from tests.browser.scanner.scanner_page import FORGETS_A_CODE_MS, ScannerPage
from tests.browser.traffic import Traffic
from tests.programs.servers import Server, running_shop

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

NOTES_VIBRATIONS = """
window.vibrations = [];
navigator.vibrate = pattern => window.vibrations.push(pattern);
"""

READS_BY_ITSELF = """
window.BarcodeDetector = class {
    static async getSupportedFormats() { return ["qr_code"]; }
    async detect(video) { return video.videoWidth ? [{ rawValue: window.seenByBrowser }] : []; }
};
"""

KNOWS_NO_ED25519 = """
const importKey = SubtleCrypto.prototype.importKey;
SubtleCrypto.prototype.importKey = function (format, key, algorithm, ...more) {
    const isNew = algorithm.name === "Ed25519";
    if (isNew) return Promise.reject(new DOMException("", "NotSupportedError"));
    return importKey.call(this, format, key, algorithm, ...more);
};
"""


class TestOnline:
    def test_accepts_a_ticket_once_and_says_when_and_where_that_was(
        self, phone: Page, shop: Server, camera: FilmedCamera
    ) -> None:
        gate = prepare_gate(shop)
        [ticket] = gate.buy("Adaeze Okonkwo")
        traffic = Traffic(phone)
        phone.add_init_script(NOTES_VIBRATIONS)
        scanner = ScannerPage(phone)
        scanner.enrol(gate.enrolment_url())

        camera.see(ticket.png)
        scanner.start()
        scanner.expect_verdict("Accepted", "Adaeze Okonkwo", "General admission")
        phone.wait_for_timeout(FORGETS_A_CODE_MS)
        assert len(gate.scans()) == 1, "a code that stays in sight is one scan"
        scanner.pause()
        phone.wait_for_timeout(FORGETS_A_CODE_MS)
        scanner.start()
        scanner.expect_verdict("Refused", "Already used", "Admitted at", "gate North")

        counts = gate.counts()
        assert (counts["admitted"], counts["refused"]) == (1, 1)
        assert phone.evaluate("window.vibrations") == [[80], [250, 120, 250]]
        assert traffic.hosts == {f"127.0.0.1:{shop.port}"}
        assert traffic.errors == []

    def test_uses_the_browsers_own_reader_where_there_is_one(
        self, phone: Page, shop: Server
    ) -> None:
        gate = prepare_gate(shop)
        [ticket] = gate.buy("Adaeze Okonkwo")
        phone.add_init_script(READS_BY_ITSELF)
        scanner = ScannerPage(phone)
        scanner.enrol(gate.enrolment_url())
        phone.evaluate("code => { window.seenByBrowser = code; }", ticket.code)

        scanner.start()

        scanner.expect_verdict("Accepted", "Adaeze Okonkwo")


class TestOffline:
    def test_decides_by_itself_and_tells_the_server_later(
        self, phone: Page, shop: Server, camera: FilmedCamera
    ) -> None:
        gate = prepare_gate(shop)
        first, second = gate.buy("Adaeze Okonkwo", "Kofi Mensah")
        refunded, revoked, replaced = gate.buy("Bola Ade", "Femi Ojo", "Ama Boateng")
        scanner = ScannerPage(phone)
        scanner.enrol(gate.enrolment_url())
        scanner.type_code(first.short_code)
        scanner.expect_verdict("Accepted", "Adaeze Okonkwo")
        gate.request_refund(refunded)
        gate.revoke(revoked)
        gate.reissue(replaced)
        scanner.sync()
        [sold_later] = gate.buy("Zainab Bello")

        phone.context.set_offline(True)
        scanner.expect_sync("Offline")
        camera.see(second.png)
        scanner.start()
        scanner.expect_verdict("Accepted", "Kofi Mensah", "General admission", "by this phone")
        scanner.pause()
        phone.wait_for_timeout(FORGETS_A_CODE_MS)
        scanner.start()
        scanner.expect_verdict("Refused", "Already used", "Admitted at", "gate North")
        scanner.pause()
        scanner.show(camera, refunded.png)
        scanner.expect_verdict("Refused", "Refunded")
        scanner.show(camera, revoked.png)
        scanner.expect_verdict("Refused", "Revoked by the organizer")
        scanner.show(camera, replaced.png)
        scanner.expect_verdict("Refused", "Replaced by a newer ticket")
        scanner.show(camera, sold_later.png)
        scanner.expect_verdict("Accepted", "Let them in")
        scanner.type_code(first.short_code)
        scanner.expect_verdict("Refused", "Already used", "Adaeze Okonkwo")
        scanner.type_code(second.forged_code)
        scanner.expect_verdict("Refused", "Forged ticket")
        scanner.type_code("0000-0000-0000-0000")
        scanner.expect_verdict("Refused", "Not a ticket we know")
        scanner.expect_sync("Offline · 9 to send")
        assert len(gate.scans()) == 1

        phone.context.set_offline(False)
        scanner.expect_sync("Online · 0 to send")
        counts = gate.counts()
        assert (counts["admitted"], counts["inside"]) == (3, 3)
        assert len({scan["scan_id"] for scan in gate.scans()}) == len(gate.scans()) == 10

    def test_decides_by_the_manifest_where_the_browser_knows_no_ed25519(
        self, phone: Page, shop: Server
    ) -> None:
        gate = prepare_gate(shop)
        [ticket] = gate.buy("Adaeze Okonkwo")
        phone.add_init_script(KNOWS_NO_ED25519)
        scanner = ScannerPage(phone)
        scanner.enrol(gate.enrolment_url())

        phone.context.set_offline(True)
        scanner.expect_sync("Offline")

        scanner.type_code(ticket.invented_code)
        scanner.expect_verdict("Refused", "Not a ticket we know")
        scanner.type_code(ticket.code)
        scanner.expect_verdict("Accepted", "Adaeze Okonkwo")

    def test_says_so_when_two_phones_let_the_same_ticket_in(
        self, phone: Page, shop: Server, browser_with_camera: Browser
    ) -> None:
        gate = prepare_gate(shop)
        [ticket] = gate.buy("Adaeze Okonkwo")
        north, south = ScannerPage(phone), ScannerPage(new_phone(browser_with_camera))
        north.enrol(gate.enrolment_url())
        south.enrol(gate.enrolment_url(name="Phone 4", gate="South"))

        for scanner in (north, south):
            scanner.page.context.set_offline(True)
            scanner.expect_sync("Offline")
            scanner.type_code(ticket.short_code)
            scanner.expect_verdict("Accepted")
        for scanner in (north, south):
            scanner.page.context.set_offline(False)
            scanner.expect_sync("Online · 0 to send")

        trouble = south.page.get_by_role("alert").filter(visible=True)
        expect(trouble).to_contain_text("1 guest was admitted twice")
        assert gate.counts()["admitted"] == 1
        south.page.context.close()

    def test_opens_and_scans_while_there_is_no_server(
        self, phone: Page, shop: Server, camera: FilmedCamera
    ) -> None:
        gate = prepare_gate(shop)
        [ticket] = gate.buy("Adaeze Okonkwo")
        scanner = ScannerPage(phone)
        scanner.enrol(gate.enrolment_url())
        shop.stop()

        phone.reload()
        scanner.expect_sync("Offline · 0 to send")
        scanner.show(camera, ticket.png)
        scanner.expect_verdict("Accepted", "Adaeze Okonkwo")
        phone.reload()
        scanner.expect_sync("Offline · 1 to send")
        scanner.type_code(ticket.short_code)
        scanner.expect_verdict("Refused", "Already used")

        with running_shop(shop.folder, port=shop.port):
            scanner.sync()
            scanner.expect_sync("Online · 0 to send")
            counts = gate.counts()
        assert (counts["admitted"], counts["refused"]) == (1, 1)

    def test_decides_when_the_server_does_not_answer_in_time(
        self, phone: Page, shop: Server
    ) -> None:
        gate = prepare_gate(shop)
        [ticket] = gate.buy("Adaeze Okonkwo")
        scanner = ScannerPage(phone)
        scanner.enrol(gate.enrolment_url())
        with shop.frozen():
            scanner.type_code(ticket.short_code)
            scanner.expect_verdict("Accepted", "by this phone")

        scanner.sync()
        scanner.expect_sync("Online · 0 to send")
        [scan] = gate.scans()
        assert scan["verdict"] == "accepted"

    def test_lets_people_out_and_in_again_where_the_event_does(
        self, phone: Page, shop: Server
    ) -> None:
        gate = prepare_gate(shop, reentry=True)
        [ticket] = gate.buy("Adaeze Okonkwo")
        scanner = ScannerPage(phone)
        scanner.enrol(gate.enrolment_url())
        scanner.type_code(ticket.short_code)
        scanner.expect_verdict("Accepted", "Let them in")

        phone.context.set_offline(True)
        scanner.expect_sync("Offline")
        scanner.direction("Out")
        scanner.type_code(ticket.short_code)
        scanner.expect_verdict("Accepted", "They may leave")
        scanner.type_code(ticket.short_code)
        scanner.expect_verdict("Refused", "Not inside")
        scanner.direction("In")
        scanner.type_code(ticket.short_code)
        scanner.expect_verdict("Accepted", "Let them in")

        phone.context.set_offline(False)
        scanner.expect_sync("Online · 0 to send")
        assert gate.counts()["inside"] == 1
