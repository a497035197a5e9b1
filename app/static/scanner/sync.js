/** Keeps the phone and the server of one mind: reports what was decided here, fetches the kit. */

import { Refused, Unreachable } from "./api.js";
import { Kit } from "./kit.js";
import { fact, remember, transaction, waiting } from "./store.js";

const EVERY_MS = 15_000;
const SOON_MS = 500;
const MANIFEST_EVERY_MS = 120_000;
const BATCH = 50;

export class Sync {
  #door;
  #onChange;
  #running = null;
  #timer = null;
  #manifestAt = 0;
  #changed = true;
  #stopped = false;

  /** The state that people see; times in milliseconds since 1970. */
  state = { online: false, waiting: 0, syncedAt: null, conflicts: 0, setAside: 0, ended: null };
  kit = new Kit(null, null);

  /** When the list of revoked tickets was asked for. */
  revocationsAt = 0;

  /** @param door the `Door` to call @param onChange called whenever `state` may have changed */
  constructor(door, onChange) {
    this.#door = door;
    this.#onChange = onChange;
  }

  async start() {
    await this.#load();
    this.revocationsAt = (await fact("revocationsAt")) ?? 0;
    this.state.syncedAt = (await fact("syncedAt")) ?? null;
    this.state.conflicts = (await fact("conflicts")) ?? 0;
    this.state.setAside = (await fact("setAside")) ?? 0;
    await this.count();
    addEventListener("online", this.#wake);
    addEventListener("offline", this.#lose);
    await this.now();
  }

  stop() {
    clearTimeout(this.#timer);
    removeEventListener("online", this.#wake);
    removeEventListener("offline", this.#lose);
    this.#onChange = () => {};
    this.#stopped = true;
  }

  /** Whether a scan is the server's to decide: not while it does not know what was decided here. */
  get mayAsk() {
    return this.state.online && this.state.waiting === 0;
  }

  /** The server did not answer: decide here until it does. */
  lost() {
    this.state.online = false;
    this.#onChange();
  }

  async count() {
    this.state.waiting = await waiting();
    this.#onChange();
  }

  /** Synchronise at once, unless that is under way; ends when it is done. */
  now() {
    clearTimeout(this.#timer);
    this.#running ??= this.#round().finally(() => {
      this.#running = null;
      const { online, waiting: left } = this.state;
      const pause = online && left > 0 ? SOON_MS : EVERY_MS;
      if (!this.#stopped) this.#timer = setTimeout(() => this.now(), pause);
    });
    return this.#running;
  }

  #wake = () => void this.now();
  #lose = () => this.lost();

  async #round() {
    try {
      while (await this.#reportSome());
      const askedAt = Date.now();
      await this.#refresh("revocations");
      this.revocationsAt = askedAt;
      await remember("revocationsAt", askedAt);
      if (Date.now() - this.#manifestAt >= MANIFEST_EVERY_MS) {
        await this.#refresh("manifest");
        this.#manifestAt = Date.now();
      }
      await this.#load();
      this.state.online = true;
      this.state.ended = null;
      this.state.syncedAt = Date.now();
      await remember("syncedAt", this.state.syncedAt);
    } catch (error) {
      this.state.online = false;
      if (error instanceof Refused && [401, 403, 404].includes(error.status)) {
        this.state.ended = error.message;
      } else if (!(error instanceof Unreachable || error instanceof Refused)) {
        throw error;
      }
    } finally {
      await this.count();
    }
  }

  async #reportSome() {
    const scans = await transaction(["queue"], ({ queue }) => queue.all(BATCH));
    if (scans.length > 0) await this.#report(scans);
    return scans.length === BATCH;
  }

  /** One scan that the server does not understand must not keep the others waiting for ever. */
  async #report(scans) {
    try {
      const results = await this.#door.report(scans.map(({ ticket, ...scan }) => scan));
      await this.#confirm(scans, results.filter((result) => result.is_conflict).length);
    } catch (error) {
      if (!(error instanceof Refused) || error.status !== 422) throw error;
      if (scans.length === 1) return this.#setAside(scans[0]);
      const half = scans.length >> 1;
      await this.#report(scans.slice(0, half));
      await this.#report(scans.slice(half));
    }
  }

  /** The server knows: the codes are forgotten, and from now on its list says who is inside. */
  async #confirm(scans, conflicts) {
    this.state.conflicts += conflicts;
    await transaction(["facts", "queue", "log"], async ({ facts, queue, log }) => {
      await facts.put(this.state.conflicts, "conflicts");
      for (const { scan_id, ticket } of scans) {
        await queue.remove(scan_id);
        const passage = ticket && (await log.get(ticket));
        if (passage?.scan_id === scan_id) await log.put({ ...passage, confirmed_at: Date.now() });
      }
    });
  }

  async #setAside(scan) {
    this.state.setAside += 1;
    await transaction(["facts", "queue"], async ({ facts, queue }) => {
      await facts.put(this.state.setAside, "setAside");
      await queue.remove(scan.scan_id);
    });
  }

  async #refresh(what) {
    const kept = await fact(what);
    const { status, body, etag } = await this.#door.fetch(what, kept?.etag);
    if (status === 304) return;
    await remember(what, { body, etag });
    this.#changed = true;
  }

  async #load() {
    if (!this.#changed) return;
    const [manifest, revocations] = [await fact("manifest"), await fact("revocations")];
    this.kit = new Kit(manifest?.body ?? null, revocations?.body ?? null);
    this.#changed = false;
  }
}
