/** One scan after the other: by the server when it answers, by the offline kit when it does not. */

import { Unreachable } from "./api.js";
import { readCode } from "./codes.js";
import { transaction } from "./store.js";
import { decide, examine, refused } from "./verdicts.js";

/** The server turned this phone away: it decides nothing by itself any more. */
export class Ended extends Error {}

export class Scans {
  #door;
  #sync;
  #device;
  #event;
  #queue = Promise.resolve();

  constructor({ door, sync, device, event }) {
    this.#door = door;
    this.#sync = sync;
    this.#device = device;
    this.#event = event;
  }

  /**
   * The verdict on a QR code's text or a typed short code; scans wait for the one before.
   *
   * @returns `{verdict, reason, message, name, type, entry: {at, gate} | null, at, isOffline}`
   * @throws {Refused} the server does not let this phone scan
   * @throws {Ended} nor did it before
   */
  scan(text, direction) {
    const result = this.#queue.then(() => this.#scan(text, direction));
    this.#queue = result.catch(() => {});
    return result;
  }

  async #scan(text, direction) {
    if (this.#sync.state.ended) throw new Ended(this.#sync.state.ended);
    const code = readCode(text);
    if (code === null) return { ...refused("unknown-code"), at: Date.now() };
    const scan = {
      scan_id: crypto.randomUUID(),
      code: text,
      direction,
      gate: this.#device.gate ?? null,
      scanned_at: new Date().toISOString(),
    };
    if (this.#sync.mayAsk) {
      try {
        return await this.#ask(scan);
      } catch (error) {
        if (!(error instanceof Unreachable)) throw error;
        this.#sync.lost();
      }
    }
    const verdict = await this.#decide(scan, code);
    await this.#sync.count();
    return verdict;
  }

  async #ask(scan) {
    const answer = await this.#door.checkIn(scan);
    await this.#note(scan, answer);
    const { verdict, reason, message, ticket, entry } = answer;
    return {
      ...{ verdict, reason, message, entry, at: Date.now(), isOffline: false },
      name: ticket?.attendee_name ?? null,
      type: ticket?.ticket_type ?? null,
    };
  }

  /** Remember what the server said, for when it cannot be asked. */
  async #note({ scan_id, direction, gate, scanned_at }, { verdict, reason, ticket, entry }) {
    if (ticket === null) return;
    const confirmed = { ticket: ticket.id, scan_id, confirmed_at: Date.now() };
    const passage =
      verdict === "accepted"
        ? { ...confirmed, direction, at: scanned_at, gate }
        : reason === "already-used" && entry
          ? { ...confirmed, direction: "in", at: entry.at, gate: entry.gate }
          : null;
    if (passage) await transaction(["log"], ({ log }) => log.put(passage));
  }

  /** Decide here, and keep the scan for the server in the same transaction. */
  async #decide(scan, code) {
    const { kit } = this.#sync;
    const event = kit.event ?? this.#event;
    const at = Date.parse(scan.scanned_at);
    const { direction, gate, scanned_at, scan_id } = scan;
    const { reason, ticket = null } = await examine({ code, kit, event, direction, at });
    const wasInside =
      ticket !== null && kit.revoked(ticket.id, ticket.version) === "already-used";
    const { said, entry } = await transaction(["queue", "log"], async ({ queue, log }) => {
      const passage = ticket && (await log.get(ticket.id));
      const isInside = this.#isRecent(passage) ? passage.direction === "in" : wasInside;
      const said = reason ? refused(reason) : decide({ event, direction, isInside, at });
      await queue.put({ ...scan, ...said, ticket: ticket?.id ?? null });
      if (said.verdict === "accepted") {
        const own = { ticket: ticket.id, scan_id, direction, at: scanned_at, gate };
        await log.put({ ...own, confirmed_at: null });
      }
      const inTheWay = said.reason === "already-used" && passage?.direction === "in";
      return { said, entry: inTheWay ? { at: passage.at, gate: passage.gate } : null };
    });
    const { name = null, type = null } = ticket ?? {};
    return { ...said, message: null, name, type, entry, at, isOffline: true };
  }

  /** Whether the phone knows better than the server's list did when it was fetched. */
  #isRecent(passage) {
    if (!passage) return false;
    return passage.confirmed_at === null || passage.confirmed_at > this.#sync.revocationsAt;
  }
}
