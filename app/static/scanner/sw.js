/**
 * Lets the scanner page open without network. The server puts a line before this file:
 * `const RELEASE = {"version": …, "page": …, "files": […]};`, the page and all it loads.
 */

const CACHE = `scanner-${RELEASE.version}`;
const FILES = new Set(RELEASE.files);

self.addEventListener("install", (event) => {
  event.waitUntil(keepFiles().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(dropOthers().then(() => self.clients.claim()));
});

// Calls of the API are none of the files, and go to the network as if nobody stood between.
self.addEventListener("fetch", (event) => {
  const { origin, pathname } = new URL(event.request.url);
  const path = pathname === `${RELEASE.page}/` ? RELEASE.page : pathname;
  if (event.request.method !== "GET" || origin !== location.origin || !FILES.has(path)) return;
  event.respondWith(kept(path, event.request));
});

async function keepFiles() {
  const cache = await caches.open(CACHE);
  await cache.addAll(RELEASE.files.map((path) => new Request(path, { cache: "reload" })));
}

async function dropOthers() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith("scanner-") && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
}

async function kept(path, request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(path)) ?? fetch(request);
}
