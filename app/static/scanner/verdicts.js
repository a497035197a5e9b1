/**
 * What the door says while the server cannot be asked: rules on plain values.
 *
 * Verdicts and reasons are the server's closed lists; `ScanReason` in app/domain/doors.py.
 */

/** How much before the doors open and after they close people are let in: clocks differ. */
const TOLERANCE_MS = 10 * 60_000;

/**
 * Decide on a ticket that may come in or go out as far as its code tells.
 *
 * @param event the manifest's, with `cancelled`, `doors_open_at`, `closes_at` and `reentry`
 * @param isInside whether the ticket's holder has been let in and has not left
 * @param at milliseconds since 1970
 */
export function decide({ event, direction, isInside, at }) {
  if (direction === "out") return decideLeaving(event, isInside);
  if (event.cancelled) return refused("event-cancelled");
  const { doors_open_at: opens, closes_at: closes } = event;
  if (opens && at < Date.parse(opens) - TOLERANCE_MS) return refused("too-early");
  if (closes && at >= Date.parse(closes) + TOLERANCE_MS) return refused("too-late");
  return isInside ? refused("already-used") : accepted("admitted");
}

function decideLeaving(event, isInside) {
  if (!event.reentry) return refused("no-reentry");
  return isInside ? accepted("left") : refused("not-inside");
}

/**
 * Why a code must be refused whoever holds it; null when its ticket is good.
 *
 * @param code what `readCode` said, not null
 * @param kit the phone's `Kit`
 * @param event the phone's
 * @returns `{reason, ticket}`: ticket is `{id, version, type, name}` as far as it is known
 */
export async function examine({ code, kit, event, direction, at }) {
  const isGenuine = code.kind === "signed" ? await kit.isGenuine(code) : null;
  if (isGenuine === false) return { reason: "forged" };
  if (code.kind === "signed" && code.eventId !== event.id) return { reason: "wrong-event" };

  const record = await kit.ticketOf(code.secret);
  const ticket = record ? listed(record) : isGenuine ? signed(code) : null;
  if (ticket === null) return { reason: "unknown-code" };
  const revoked = kit.revoked(ticket.id, ticket.version);
  // Nobody who came in is kept from leaving because the ticket was barred meanwhile.
  const bars = direction === "out" ? ["replaced"] : ["replaced", "refunded", "revoked"];
  if (bars.includes(revoked)) return { reason: revoked, ticket };
  // A ticket that is not listed was sold since: its signature vouches for it, and for how long.
  if (!record && at < code.notBefore - TOLERANCE_MS) return { reason: "too-early", ticket };
  if (!record && at >= code.notAfter + TOLERANCE_MS) return { reason: "too-late", ticket };
  return { reason: null, ticket };
}

function listed({ t, v, y, n }) {
  return { id: t, version: v, type: y, name: n };
}

function signed({ ticketId, version }) {
  return { id: ticketId, version, type: null, name: null };
}

export function refused(reason) {
  return { verdict: "refused", reason };
}

function accepted(reason) {
  return { verdict: "accepted", reason };
}
