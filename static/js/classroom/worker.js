// Keeps the page of the day's children for when there is no connection: the page with nobody on it, and its files. Whoever
// stands on it comes from the sealed list. `KEPT` is written before this by the site: {version, shell, files}.
const CACHE = `classroom-${KEPT.version}`;
const DAY = /^\/classroom\/day(\/\d+)?$/;
const PATIENCE = 3_000;
const files = new Set(KEPT.files);

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(CACHE);
    await cache.addAll([...KEPT.files, KEPT.shell].map((address) => new Request(address, { cache: "reload" })));
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const names = await caches.keys();
    await Promise.all(names.filter((name) => name.startsWith("classroom-") && name !== CACHE).map((name) => caches.delete(name)));
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
  if (origin !== location.origin) return;
  if (request.mode === "navigate" && DAY.test(pathname)) event.respondWith(day(request));
  else if (request.method === "GET" && files.has(pathname)) event.respondWith(file(request, pathname));
});

// The site's own page where it answers, else the one that is kept. A form that could not be sent ends there as well: what
// it said was not taken, and is said again on that page. It is waited for as long as it takes, so that nothing is sent twice.
async function day(request) {
  const isForm = request.method !== "GET";
  const late = new Promise((resolve) => { if (!isForm) setTimeout(() => resolve(null), PATIENCE); });
  const answer = await Promise.race([fetch(request).catch(() => null), late]);
  if (answer && answer.status < 502) return answer;
  const kept = await (await caches.open(CACHE)).match(KEPT.shell);
  return kept ?? answer ?? Response.error();
}

async function file(request, pathname) {
  const kept = await (await caches.open(CACHE)).match(pathname);
  return kept ?? fetch(request);
}
