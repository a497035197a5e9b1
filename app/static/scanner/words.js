/** What people at the gate read, in the language of the page, which brings the words along. */

const LANGUAGE = document.documentElement.lang;
const WORDS = JSON.parse(document.getElementById("words").textContent);

/**
 * The English words in the reader's language, with values where they say `%(name)s`.
 * Each text is listed in app/texts/scanner.py, from where the page has it.
 */
export function _(english, values = {}) {
  const words = WORDS[english] ?? english;
  return words.replace(/%\((\w+)\)s/g, (place, name) => values[name] ?? place);
}

const REASONS = {
  admitted: () => _("Let them in"),
  left: () => _("They may leave and come back"),
  "unknown-code": () => _("Not a ticket we know"),
  forged: () => _("Forged ticket"),
  "wrong-event": () => _("Ticket for another event"),
  replaced: () => _("Replaced by a newer ticket"),
  refunded: () => _("Refunded"),
  revoked: () => _("Revoked by the organizer"),
  "event-cancelled": () => _("The event is cancelled"),
  "too-early": () => _("The doors are not open yet"),
  "too-late": () => _("The event is over"),
  "already-used": () => _("Already used"),
  "not-inside": () => _("Not inside, so cannot leave"),
  "no-reentry": () => _("This event has no way out and in again"),
};

/** Why, in a few words; a reason that is newer than this page in the server's own words. */
export function reasonWords({ reason, message }) {
  return REASONS[reason]?.() ?? message ?? reason;
}

/** Where and when the holder was admitted with the same ticket. */
export function entryWords(entry, zone) {
  const { gate } = entry;
  const time = timeWords(Date.parse(entry.at), zone);
  return gate ? _("Admitted at %(time)s, gate %(gate)s", { time, gate }) : _("Admitted at %(time)s", { time });
}

/** The time of day at the event, with the date unless it is today there. */
export function timeWords(at, zone) {
  const time = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone };
  const day = { day: "numeric", month: "short", timeZone: zone };
  const dayOf = (moment) => new Intl.DateTimeFormat(LANGUAGE, day).format(moment);
  const isToday = dayOf(at) === dayOf(Date.now());
  const hour = new Intl.DateTimeFormat(LANGUAGE, time).format(at);
  return isToday ? hour : _("%(time)s on %(day)s", { time: hour, day: dayOf(at) });
}

/** How the phone and the server stand, in one line. */
export function syncWords({ online, waiting, syncedAt }, zone) {
  const synced = syncedAt
    ? _("synced %(time)s", { time: timeWords(syncedAt, zone) })
    : _("never synced");
  const left = _("%(number)s to send", { number: waiting });
  return [online ? _("Online") : _("Offline"), left, synced].join(" · ");
}

/** What the organizer should look at; null when there is nothing. */
export function troubleWords({ conflicts, setAside, ended }) {
  if (ended) return _("The server does not accept this phone any more: %(reason)s", { reason: ended });
  const parts = [conflicts && twiceWords(conflicts), setAside && unsentWords(setAside)].filter(Boolean);
  return parts.length ? _("%(trouble)s. Tell the organizer.", { trouble: parts.join("; ") }) : null;
}

function twiceWords(number) {
  if (number === 1) return _("1 guest was admitted twice while offline");
  return _("%(number)s guests were admitted twice while offline", { number });
}

function unsentWords(number) {
  if (number === 1) return _("1 scan could not be sent");
  return _("%(number)s scans could not be sent", { number });
}
