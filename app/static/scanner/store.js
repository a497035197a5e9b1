/**
 * What the phone remembers, in IndexedDB:
 *
 * - `facts`: single values by name: the device with its token, the manifest, the revocations;
 * - `queue`: scans decided here that the server has not heard of, by scan id;
 * - `log`: the last time each ticket went in or out, by ticket id. It names nobody.
 */

import { _ } from "./words.js";

const NAME = "scanner";
const STORES = ["facts", "queue", "log"];

let opened = null;

function open() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("facts");
      request.result.createObjectStore("queue", { keyPath: "scan_id" });
      request.result.createObjectStore("log", { keyPath: "ticket" });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opened;
}

/**
 * Run a transaction over `names`: `steps(stores)` may await nothing but requests to the stores.
 *
 * What it gives is given once the transaction is on the disk; if it throws, nothing has changed.
 */
export async function transaction(names, steps) {
  const database = await open();
  const running = database.transaction(names, "readwrite", { durability: "strict" });
  const done = new Promise((resolve, reject) => {
    running.oncomplete = resolve;
    running.onabort = () => reject(running.error ?? new Error(_("The phone's storage refused.")));
  });
  const stores = Object.fromEntries(names.map((name) => [name, wrapped(running.objectStore(name))]));
  try {
    const result = await steps(stores);
    await done;
    return result;
  } catch (error) {
    done.catch(() => {});
    if (running.error === null) running.abort();
    throw error;
  }
}

function wrapped(store) {
  const promised = (request) =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  return {
    get: (key) => promised(store.get(key)),
    all: (most) => promised(store.getAll(null, most)),
    count: () => promised(store.count()),
    put: (value, key) => promised(store.put(value, key)),
    remove: (key) => promised(store.delete(key)),
  };
}

export function fact(name) {
  return transaction(["facts"], ({ facts }) => facts.get(name));
}

export function remember(name, value) {
  return transaction(["facts"], ({ facts }) => facts.put(value, name));
}

export function waiting() {
  return transaction(["queue"], ({ queue }) => queue.count());
}

/** Forget everything, as if the phone had never been enrolled. */
export async function forgetAll() {
  const database = await open();
  const running = database.transaction(STORES, "readwrite");
  for (const name of STORES) running.objectStore(name).clear();
  await new Promise((resolve, reject) => {
    running.oncomplete = resolve;
    running.onabort = () => reject(running.error);
  });
}
