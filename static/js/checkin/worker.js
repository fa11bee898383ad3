// Keeps the page of check-in for when there is no connection: the page of no session and its files, nothing else. What
// stands on the page of a session comes from the sealed list; no page with somebody's name is ever kept.
// `KEPT` is written before this by the site: {version, shell, start, files}.
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
  else if (request.mode === "navigate" && pathname === KEPT.start) event.respondWith(start(request));
  else if (files.has(pathname)) event.respondWith(file(request, pathname));
});

// The site's own page where it answers in time, else the one that is kept.
async function door(request) {
  const answer = await inTime(request);
  if (answer && answer.status < 500) return answer;
  const kept = await (await caches.open(CACHE)).match(KEPT.shell);
  return kept ?? answer ?? Response.error();
}

// From the home screen: what is on now, else the session whose list is on this device and is over first.
async function start(request) {
  const answer = await inTime(request);
  if (answer && answer.status < 500) return answer;
  const session = await sealedSession();
  return session ? Response.redirect(`/checkin/sessions/${session}`, 302) : answer ?? Response.error();
}

function inTime(request) {
  const late = new Promise((resolve) => { setTimeout(() => resolve(null), PATIENCE); });
  return Promise.race([fetch(request).catch(() => null), late]);
}

function sealedSession() {
  return new Promise((resolve) => {
    const asked = indexedDB.open("checkin");
    asked.onupgradeneeded = () => asked.transaction.abort(); // nothing was ever kept here; the page makes its stores
    asked.onerror = () => resolve(null);
    asked.onsuccess = () => {
      const db = asked.result;
      const found = [];
      const tx = db.transaction(["meta", "snapshots"]);
      const offset = tx.objectStore("meta").get("offset"); // by how much this clock is behind the site's
      const cursor = tx.objectStore("snapshots").openCursor();
      cursor.onerror = () => { db.close(); resolve(null); };
      cursor.onsuccess = () => {
        const at = cursor.result;
        if (at) {
          const isLive = at.value.expires_at > Date.now() + (offset.result ?? 0);
          if (isLive && /^\d+$/.test(at.key)) found.push([at.value.expires_at, at.key]); // others are no session's
          at.continue();
          return;
        }
        db.close();
        resolve(found.sort((one, other) => one[0] - other[0])[0]?.[1] ?? null);
      };
    };
  });
}

async function file(request, pathname) {
  const kept = await (await caches.open(CACHE)).match(pathname);
  return kept ?? fetch(request);
}
