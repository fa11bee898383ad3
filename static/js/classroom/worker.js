// Keeps the page of the day's children for when there is no connection: the page with nobody on it, and its files. Whoever
// stands on it comes from the sealed list. What all such pages have in common stands before this (`kept-page-worker.js`).
const DAY = /^\/classroom\/day(\/\d+)?$/;
const PATIENCE = 3_000;

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
  const answer = await inTime(request, isForm ? 0 : PATIENCE);
  if (answer && answer.status < 502) return answer;
  return (await keptShell()) ?? answer ?? Response.error();
}
