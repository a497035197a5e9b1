/** The door's operations over HTTP. */

import { _ } from "./words.js";

/** What precedes the shop's own paths: empty, or as `/shop`. */
export const ROOT = new URL("../..", import.meta.url).pathname.replace(/\/$/, "");

const LONGEST_MS = 15_000;
const LONGEST_CHECK_IN_MS = 2_000;

/** The server was not reached, or is not well: try again later. */
export class Unreachable extends Error {}

/** The server understood and says no. */
export class Refused extends Error {
  constructor(status, problem) {
    super(problem?.detail ?? problem?.title ?? _("The server answered %(status)s.", { status }));
    this.status = status;
  }
}

/**
 * Ask the server; gives `{status, body, etag}`.
 *
 * @throws {Unreachable} no answer in time, a 5xx or a 429
 * @throws {Refused} any other 4xx
 */
async function call(method, path, { token, body, etag, within = LONGEST_MS } = {}) {
  const headers = { Accept: "application/json" };
  if (token) headers.Authorization = `Bearer ${token}`;
  if (etag) headers["If-None-Match"] = etag;
  if (body) headers["Content-Type"] = "application/json";
  let response;
  let answer;
  try {
    response = await fetch(ROOT + path, {
      method,
      headers,
      body: body && JSON.stringify(body),
      cache: "no-store",
      credentials: "omit",
      signal: AbortSignal.timeout(within),
    });
    answer = response.status === 304 ? null : await response.json();
  } catch (error) {
    throw new Unreachable(error.message);
  }
  if (response.status >= 500 || response.status === 429) throw new Unreachable();
  if (response.status >= 400) throw new Refused(response.status, answer);
  return { status: response.status, body: answer, etag: response.headers.get("ETag") };
}

/** Trade an enrolment code, which works once, for a token: `{access_token, device, event}`. */
export async function enrol(code) {
  return (await call("POST", "/scanners/enrol", { body: { code } })).body;
}

/** The calls of an enrolled phone. */
export class Door {
  #token;
  #event;

  constructor({ token, event }) {
    this.#token = token;
    this.#event = `/events/${event.id}`;
  }

  async checkIn(scan) {
    const how = { token: this.#token, body: scan, within: LONGEST_CHECK_IN_MS };
    return (await call("POST", `${this.#event}/check-ins`, how)).body;
  }

  /** Report scans decided here; gives a check-in for each. */
  async report(scans) {
    const how = { token: this.#token, body: { scans } };
    return (await call("POST", `${this.#event}/check-ins/batch`, how)).body.results;
  }

  /** The manifest or the revocations if they are not `etag` any more: `{status, body, etag}`. */
  fetch(what, etag) {
    return call("GET", `${this.#event}/${what}`, { token: this.#token, etag });
  }
}
