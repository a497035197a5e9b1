/** Shows; decides nothing. */

import { _, entryWords, reasonWords, syncWords, timeWords, troubleWords } from "./words.js";

const LASTS_MS = { accepted: 6_000, refused: 12_000 };
const WORDS = { accepted: _("Accepted"), refused: _("Refused") };

let ending = null;

export const $ = (id) => document.getElementById(id);

export function showEnrolment(problem = "") {
  $("enrolment").hidden = false;
  $("door").hidden = true;
  $("enrolment-problem").textContent = problem;
}

/** This browser cannot be enrolled, here or at all. */
export function showUnusable(problem) {
  showEnrolment(problem);
  $("enrolment-form").hidden = true;
}

export function showDoor({ device, event }) {
  $("enrolment").hidden = true;
  $("door").hidden = false;
  document.title = _("%(event)s: scanner", { event: event.title });
  $("event").textContent = event.title;
  $("gate").textContent = device.gate ?? device.name;
  $("device").textContent = device.name;
  showDirections(event);
}

/** Only an event that lets people out and in again has two directions. */
export function showDirections({ reentry }) {
  $("directions").hidden = !reentry;
}

export function showSync(state, zone) {
  $("sync").textContent = syncWords(state, zone);
  $("sync").dataset.online = String(state.online);
  const trouble = troubleWords(state);
  $("trouble").hidden = trouble === null;
  $("trouble").textContent = trouble ?? "";
}

export function showCamera({ isOn, hasTorch, problem = "" }) {
  $("start").hidden = isOn;
  $("frame").hidden = !isOn;
  $("pause").hidden = !isOn;
  $("torch").hidden = !hasTorch;
  $("torch").setAttribute("aria-pressed", "false");
  $("camera-problem").textContent = problem;
}

/** A verdict fills its half of the screen: by colour, sign, word, and in a live region. */
export function showVerdict(result, zone) {
  const { verdict, name = null, type = null, entry, at, isOffline } = result;
  const isInTheWay = verdict === "refused" && entry;
  const time = timeWords(at, zone);
  fillCard({
    word: WORDS[verdict],
    reason: reasonWords(result),
    entry: isInTheWay ? entryWords(entry, zone) : "",
    name,
    type,
    when: isOffline
      ? _("Scanned at %(time)s, decided by this phone", { time })
      : _("Scanned at %(time)s", { time }),
  });
  const card = $("verdict");
  card.setAttribute("aria-live", "assertive");
  card.dataset.verdict = verdict;
  // Two verdicts alike must still be seen to be two.
  card.classList.remove("fresh");
  void card.offsetWidth;
  card.classList.add("fresh");
  clearTimeout(ending);
  const last = [WORDS[verdict], name, time].filter(Boolean).join(", ");
  ending = setTimeout(() => showNoVerdict(last), LASTS_MS[verdict]);
}

/** The scan came to nothing; nobody is to be let in for it. */
export function showFailure(message) {
  showVerdict({ verdict: "refused", reason: null, message, at: Date.now() }, undefined);
}

/** Green must not stay for the next guest, whose code may not have been read. */
function showNoVerdict(last) {
  $("verdict").setAttribute("aria-live", "off");
  delete $("verdict").dataset.verdict;
  fillCard({
    reason: _("Point the camera at a ticket."),
    when: _("Last: %(verdict)s", { verdict: last }),
  });
}

function fillCard(words) {
  for (const id of ["word", "reason", "entry", "name", "type", "when"]) {
    $(id).textContent = words[id] ?? "";
  }
}
