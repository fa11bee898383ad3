// Keeps the page of check-in for when there is no connection: the page of no session and its files, nothing else. What
// stands on the page of a session comes from the sealed list; no page with somebody's name is ever kept.
// `KEPT` is written before this by the site: {version, shell, files}.
const CACHE = `checkin-${KEPT.version}`;
const DOOR = /^\/checkin\/sessions\/\d+$/;
const PATIENCE = 2_000;
const files = new Set(KEPT.files);

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(CACHE);
    const fresh = [...KEPT.files, KEPT.shell].map((address) => new Request(address, { cache: "reload" }));
    await cache.addAll(fresh);
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const names = await caches.keys();
    await Promise.all(names.filter((name) => name.startsWith("checkin-") && name !== CACHE).map((name) => caches.delete(name)));
    await self.clients.claim();
  })());
});

// The page in the language and size of letters that were chosen last.
self.addEventListener("message", (event) => {
  if (event.data === "refresh") event.waitUntil(refresh());
});

async function refresh() {
  try {
    const answer = await fetch(KEPT.shell, { cache: "no-store" });
    if (answer.ok && !answer.redirected) await (await caches.open(CACHE)).put(KEPT.shell, answer);
  } catch {
    // the one that is kept will do
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate" && DOOR.test(pathname)) event.respondWith(door(request));
  else if (files.has(pathname)) event.respondWith(file(request, pathname));
});

// The site's own page where it answers in time, else the one that is kept.
async function door(request) {
  const late = new Promise((resolve) => { setTimeout(() => resolve(null), PATIENCE); });
  const answer = await Promise.race([fetch(request).catch(() => null), late]);
  if (answer && answer.status < 500) return answer;
  const kept = await (await caches.open(CACHE)).match(KEPT.shell);
  return kept ?? answer ?? Response.error();
}

async function file(request, pathname) {
  const kept = await (await caches.open(CACHE)).match(pathname);
  return kept ?? fetch(request);
}
