/** The scanner page: enrols a phone, then scans. */

import { Door, ROOT, Refused, Unreachable, enrol } from "./api.js";
import { Camera } from "./camera.js";
import { Ended, Scans } from "./scans.js";
import { isSilent, setSilent, signal, unlockSound } from "./signals.js";
import { fact, forgetAll, remember, waiting } from "./store.js";
import { Sync } from "./sync.js";
import {
  $,
  showCamera,
  showDirections,
  showDoor,
  showEnrolment,
  showFailure,
  showSync,
  showUnusable,
  showVerdict,
} from "./view.js";
import { _ } from "./words.js";

const camera = new Camera($("video"), (text) => void scan(text));
let gate = null; // what an enrolled phone works with: {door, sync, scans, device, event}
let wasScanning = false;
let lock = null;

async function begin() {
  // Elsewhere browsers have no camera, no cryptography and no service workers.
  if (!isSecureContext) return showUnusable(_("The scanner works only at an address with https."));
  await navigator.serviceWorker?.register(`${ROOT}/scan/sw.js`, { scope: `${ROOT}/scan` }).catch(() => {});
  await navigator.storage?.persist?.();
  const code = codeInAddress();
  if (code) return enrolWith(code);
  const known = await fact("device");
  return known ? openGate(known) : showEnrolment();
}

/** The code of an enrolment link; a secret, so it does not stay in the address bar. */
function codeInAddress() {
  const code = enrolmentCode(location.hash);
  if (location.hash) history.replaceState(null, "", location.pathname);
  return code;
}

function enrolmentCode(text) {
  return /(?:^|#)enrol=([^&\s]+)/.exec(text)?.[1] ?? null;
}

async function enrolWith(code) {
  const known = await fact("device");
  // Anybody can make a link; a phone at work is moved by whoever holds it, not by a link alone.
  if (known && !confirm(otherWork(known))) return openGate(known);
  try {
    if (known) await reportTo(known);
    const { access_token: token, device, event } = await enrol(code);
    if (known?.event.id !== event.id) await forgetOther();
    await remember("device", { token, device, event });
    await openGate({ token, device, event });
  } catch (error) {
    const offline = error instanceof Unreachable;
    const problem = offline ? _("The server does not answer. Try again.") : error.message;
    if (known) {
      await openGate(known);
      showFailure(problem);
    } else showEnrolment(problem);
  }
}

function otherWork({ event, device }) {
  const where = [`“${event.title}”`, device.gate].filter(Boolean).join(", ");
  return _(
    "This phone checks tickets of %(event)s. The link you opened gives it other work. Go on only if your organizer gave you this link.",
    { event: where },
  );
}

/** Scans under the token before must not be lost by taking the next, unless it was revoked. */
async function reportTo(known) {
  closeGate();
  const sync = new Sync(new Door(known), () => {});
  await sync.now();
  sync.stop();
  if (!sync.state.ended && (await waiting()) > 0) {
    const event = known.event.title;
    throw new Error(_("Scans of %(event)s are not sent yet. Connect, then enrol again.", { event }));
  }
}

async function forgetOther() {
  const lost = await waiting();
  await forgetAll();
  await remember("setAside", lost);
}

async function openGate({ token, device, event }) {
  closeGate();
  const door = new Door({ token, event });
  const sync = new Sync(door, () => {
    showSync(sync.state, event.time_zone);
    if (sync.kit.event) showDirections(sync.kit.event);
  });
  gate = { sync, event, scans: new Scans({ door, sync, device, event }) };
  showDoor({ device, event });
  showCamera({ isOn: false, hasTorch: false });
  await sync.start();
}

function closeGate() {
  gate?.sync.stop();
  gate = null;
  camera.stop();
}

async function scan(text) {
  const chosen = document.querySelector("input[name=direction]:checked").value;
  const direction = $("directions").hidden ? "in" : chosen;
  try {
    const result = await gate.scans.scan(text, direction);
    showVerdict(result, gate.event.time_zone);
    signal(result.verdict);
  } catch (error) {
    const isAnswer = error instanceof Refused || error instanceof Ended;
    showFailure(isAnswer ? error.message : _("This phone could not keep the scan."));
    signal("refused");
    if (!isAnswer) throw error;
    void gate.sync.now();
  }
}

async function startCamera() {
  wasScanning = true;
  try {
    await camera.start();
    showCamera({ isOn: true, hasTorch: camera.hasTorch });
    lock = (await navigator.wakeLock?.request("screen").catch(() => null)) ?? null;
  } catch (error) {
    camera.stop();
    const denied = error.name === "NotAllowedError";
    const problem = denied
      ? _("Allow this page to use the camera. Codes can be typed below.")
      : _("No camera can be opened here. Codes can be typed below.");
    showCamera({ isOn: false, hasTorch: false, problem });
  }
}

function stopCamera() {
  camera.stop();
  void lock?.release();
  showCamera({ isOn: false, hasTorch: false });
}

function showSound() {
  $("sound").setAttribute("aria-pressed", String(!isSilent()));
}

async function leave() {
  const left = await waiting();
  const question = _("Leave this event? The phone then needs a new enrolment code.");
  const loss = _("%(number)s scans are not sent and would be lost.", { number: left });
  if (!confirm(left ? `${loss} ${question}` : question)) return;
  closeGate();
  await forgetAll();
  showEnrolment();
}

$("enrolment-form").addEventListener("submit", (submission) => {
  submission.preventDefault();
  const typed = $("enrolment-code").value.trim();
  if (typed) void enrolWith(enrolmentCode(typed) ?? typed);
});
$("manual").addEventListener("submit", (submission) => {
  submission.preventDefault();
  unlockSound();
  const typed = $("code").value;
  $("code").value = "";
  if (typed.trim()) void scan(typed);
});
$("start").addEventListener("click", () => {
  unlockSound();
  void startCamera();
});
$("pause").addEventListener("click", () => {
  wasScanning = false;
  stopCamera();
});
$("torch").addEventListener("click", async () => {
  const isOn = $("torch").getAttribute("aria-pressed") !== "true";
  await camera.setTorch(isOn);
  $("torch").setAttribute("aria-pressed", String(isOn));
});
$("sound").addEventListener("click", () => {
  setSilent(!isSilent());
  showSound();
});
$("sync-now").addEventListener("click", () => void gate.sync.now());
$("leave").addEventListener("click", () => void leave());
addEventListener("hashchange", () => {
  const code = codeInAddress();
  if (code) void enrolWith(code);
});
// A camera that runs in a pocket empties the battery.
document.addEventListener("visibilitychange", () => {
  if (document.hidden && camera.isOn) stopCamera();
  else if (!document.hidden && wasScanning && gate && !camera.isOn) void startCamera();
});

showSound();
begin().catch((error) => showUnusable(_("This browser cannot be a scanner: %(reason)s", { reason: error.message })));
