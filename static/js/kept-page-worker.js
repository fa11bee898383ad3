// What every page has in common that a browser keeps for when there is no connection: the page with nobody on it and its
// files, put into a cache of its own, another one as soon as any file is another. Before this the site writes `KEPT`:
// {name, version, shell, files}; after it the script of the page, which says what is answered from here.
const CACHE = `${KEPT.name}-${KEPT.version}`;
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
    const old = names.filter((name) => name.startsWith(`${KEPT.name}-`) && name !== CACHE);
    await Promise.all(old.map((name) => caches.delete(name)));
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

async function keptShell() {
  return (await caches.open(CACHE)).match(KEPT.shell);
}

// Answer what is asked for here: `page(request, pathname)` says what answers a page, or nothing; a file comes from here.
function answerHere(page) {
  self.addEventListener("fetch", (event) => {
    const { request } = event;
    const { origin, pathname } = new URL(request.url);
    if (origin !== location.origin) return;
    const answer = request.mode === "navigate" && page(request, pathname);
    if (answer) event.respondWith(answer);
    else if (request.method === "GET" && files.has(pathname)) event.respondWith(file(request, pathname));
  });
}

// The site's own page where it answers in time and is not broken, else the one that is kept.
async function siteOrKept(request, { patience, broken }) {
  const answer = await inTime(request, patience);
  if (answer && answer.status < broken) return answer;
  return (await keptShell()) ?? answer ?? Response.error();
}

async function file(request, pathname) {
  const kept = await (await caches.open(CACHE)).match(pathname);
  return kept ?? fetch(request);
}

// What the site answers in this time (ms), or as late as it likes where none is given; null without a connection.
function inTime(request, patience = 0) {
  const late = new Promise((resolve) => { if (patience) setTimeout(() => resolve(null), patience); });
  return Promise.race([fetch(request).catch(() => null), late]);
}
