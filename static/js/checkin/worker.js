// Keeps the page of check-in for when there is no connection: the page of no session and its files, nothing else. What
// stands on the page of a session comes from the sealed list; no page with somebody's name is ever kept. What all such
// pages have in common stands before this (`kept-page-worker.js`); `KEPT.start` is where the home screen leads.
const DOOR = /^\/checkin\/sessions\/\d+$/;
const PATIENCE = 2_000;

answerHere((request, pathname) => {
  if (request.method !== "GET") return null;
  if (DOOR.test(pathname)) return siteOrKept(request, { patience: PATIENCE, broken: 500 });
  return pathname === KEPT.start && start(request);
});

// From the home screen: what is on now, else the session whose list is on this device and is over first.
async function start(request) {
  const answer = await inTime(request, PATIENCE);
  if (answer && answer.status < 500) return answer;
  const session = await sealedSession();
  return session ? Response.redirect(`/checkin/sessions/${session}`, 302) : answer ?? Response.error();
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
