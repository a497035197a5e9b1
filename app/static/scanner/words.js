/** What people at the gate read. */

const REASONS = {
  admitted: "Let them in",
  left: "They may leave and come back",
  "unknown-code": "Not a ticket we know",
  forged: "Forged ticket",
  "wrong-event": "Ticket for another event",
  replaced: "Replaced by a newer ticket",
  refunded: "Refunded",
  revoked: "Revoked by the organizer",
  "event-cancelled": "The event is cancelled",
  "too-early": "The doors are not open yet",
  "too-late": "The event is over",
  "already-used": "Already used",
  "not-inside": "Not inside, so cannot leave",
  "no-reentry": "This event has no way out and in again",
};

/** Why, in a few words; a reason that is newer than this page in the server's own words. */
export function reasonWords({ reason, message }) {
  return REASONS[reason] ?? message ?? reason;
}

/** Where and when the holder was admitted with the same ticket. */
export function entryWords(entry, zone) {
  const place = entry.gate ? `, gate ${entry.gate}` : "";
  return `Let in at ${timeWords(Date.parse(entry.at), zone)}${place}`;
}

/** The time of day at the event, with the date unless it is today there. */
export function timeWords(at, zone) {
  const time = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone };
  const day = { day: "numeric", month: "short", timeZone: zone };
  const dayOf = (moment) => new Intl.DateTimeFormat(undefined, day).format(moment);
  const isToday = dayOf(at) === dayOf(Date.now());
  const words = new Intl.DateTimeFormat(undefined, time).format(at);
  return isToday ? words : `${words} on ${dayOf(at)}`;
}

/** How the phone and the server stand, in one line. */
export function syncWords({ online, waiting, syncedAt }, zone) {
  const synced = syncedAt ? `synced ${timeWords(syncedAt, zone)}` : "never synced";
  return [online ? "Online" : "Offline", `${waiting} to send`, synced].join(" · ");
}

/** What the organizer should look at; null when there is nothing. */
export function troubleWords({ conflicts, setAside, ended }) {
  if (ended) return `The server does not accept this phone any more: ${ended}`;
  const parts = [
    conflicts && `${count(conflicts, "guest was", "guests were")} let in twice while offline`,
    setAside && `${count(setAside, "scan", "scans")} could not be sent`,
  ].filter(Boolean);
  return parts.length ? `${parts.join("; ")}. Tell the organizer.` : null;
}

function count(number, one, many) {
  return `${number} ${number === 1 ? one : many}`;
}
