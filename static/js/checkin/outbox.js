// What was scanned or tapped and has not been answered by the site. Nothing is shown as done before it lies here, and
// nothing leaves but by the site's own answer to it. Of a card only its digest lies here, and of people and children on a
// list only their number; what was typed when a child was handed over lies here as it was typed, until it is sent: the
// code of the day, the name of an adult on no list, the number on which a guardian was rung.
import { withStore } from "./store.js";

const COOKIE = "checkin-unsent"; // so that the site does not tell the browser to forget everything while there is something
const FINAL = new Set(["accepted", "duplicate", "needs_review"]);
const AS_SAID = new Set(["accepted", "duplicate"]);
const UNSEEN = "turned-down"; // in `meta`
const channel = "BroadcastChannel" in globalThis ? new BroadcastChannel("checkin") : null;
const listeners = new Set();
channel?.addEventListener("message", ({ data }) => tell(data));

// Hear of what happens to the outbox, in this tab or another: {type: "changed"} or {type: "answers", answers, items}.
export function listen(hear) {
  listeners.add(hear);
  return () => listeners.delete(hear);
}

export function announce(news) {
  tell(news);
  channel?.postMessage(news);
}

function tell(news) {
  for (const hear of listeners) hear(news);
}

// A number that nobody else has, also where the page came without https.
export function newNonce() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((each) => each.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

// Keep an item; resolves with it once the browser has written it down. Raises where it could not.
export async function put(item) {
  mark(1);
  const kept = await withStore(async (db) => {
    const tx = db.transaction(["outbox", "meta"], "readwrite", { durability: "strict" });
    const meta = tx.objectStore("meta");
    const sequence = ((await meta.get("sequence")) ?? 0) + 1;
    const whole = { ...item, sequence, trouble: null };
    meta.put(sequence, "sequence");
    tx.objectStore("outbox").put(whole);
    await tx.done;
    return whole;
  });
  announce({ type: "changed" });
  return kept;
}

// Whoever stood there was told that it is kept: from now on it may not be turned away.
export function promise(nonce) {
  return change(nonce, (item) => ({ ...item, stored: true }));
}

export function note(nonces, trouble) {
  return Promise.all(nonces.map((nonce) => change(nonce, (item) => ({ ...item, trouble }))));
}

async function change(nonce, with_) {
  await withStore(async (db) => {
    const tx = db.transaction("outbox", "readwrite");
    const item = await tx.store.get(nonce);
    if (item) tx.store.put(with_(item));
    await tx.done;
  });
}

// All that is kept, in the order in which it came.
export async function all() {
  const items = await withStore((db) => db.getAll("outbox"));
  return items.sort((one, other) => one.sequence - other.sequence);
}

// Take the site's answers: what is answered goes, what is not stays and says why. What was said of a child and not taken
// as it was said stays as well, in the site's words, until somebody has seen them.
export async function settle(answers) {
  await withStore(async (db) => {
    const tx = db.transaction(["outbox", "meta"], "readwrite", { durability: "strict" });
    const [store, meta] = [tx.objectStore("outbox"), tx.objectStore("meta")];
    for (const answer of answers) {
      const item = await store.get(answer.nonce);
      if (!item) continue;
      // Asked while somebody waited, and kept since: of what left nothing with the site it is asked as something kept.
      const isLate = item.to && item.stored && answer.outcome === "refused";
      if (isLate && !answer.answer) continue;
      if (item.to && answer.said && !AS_SAID.has(answer.outcome)) {
        const unseen = ((await meta.get(UNSEEN)) ?? []).filter((each) => each.nonce !== item.nonce);
        meta.put([...unseen, { nonce: item.nonce, child: item.body.child, at: item.device_at, said: answer.said }], UNSEEN);
      }
      const isUndo = item.body?.act === "undo" && answer.outcome === "conflict"; // what it took back stands
      const isDone = FINAL.has(answer.outcome) || (answer.outcome === "refused" && !item.stored) || isLate || isUndo;
      if (isDone) store.delete(answer.nonce);
      else store.put({ ...item, trouble: { outcome: answer.outcome, answer: answer.answer ?? null } });
    }
    await tx.done;
  });
  announce({ type: "answers", answers });
  announce({ type: "changed" });
}

// What was not taken as it was said, and nobody has seen yet.
export async function unseen() {
  return (await withStore((db) => db.get("meta", UNSEEN))) ?? [];
}

export async function see(nonce) {
  await withStore(async (db) => {
    const tx = db.transaction("meta", "readwrite", { durability: "strict" });
    const left = ((await tx.store.get(UNSEEN)) ?? []).filter((each) => each.nonce !== nonce);
    tx.store.put(left, UNSEEN);
    await tx.done;
  });
  announce({ type: "seen" });
}

// Whoever carried it away as a file, or was told twice, lets it go.
export async function forget(nonces) {
  await withStore(async (db) => {
    const tx = db.transaction("outbox", "readwrite");
    for (const nonce of nonces) tx.store.delete(nonce);
    await tx.done;
  });
  announce({ type: "changed" });
}

// What the site has answered for good is not sent again by itself, nor what somebody else stored who was signed in.
export function waits(item, who) {
  return !item.trouble?.outcome && !isTheirs(item, who);
}

export function isTheirs(item, who) {
  return Boolean(item.by && who && item.by !== who);
}

// Whoever is signed in now answers for it from now on.
export async function adopt(nonces, who) {
  await Promise.all(nonces.map((nonce) => change(nonce, (item) => ({ ...item, by: who }))));
  announce({ type: "changed" });
}

// The cookie that says how many there are; none where there are none.
export function mark(count) {
  const secure = location.protocol === "https:" ? "; secure" : "";
  const age = count ? 31_536_000 : 0;
  try {
    document.cookie = `${COOKIE}=${count}; path=/; max-age=${age}; samesite=strict${secure}`;
  } catch {
    // a page that may have no cookies is not signed in either
  }
}

export function marked() {
  const found = new RegExp(`(?:^|; )${COOKIE}=(\\d+)`).exec(document.cookie);
  return found ? Number(found[1]) : 0;
}

// Where an item is sent to: what is said at a door to its session, all else to the address it bears.
export function addressOf(item) {
  return item.to ?? `/checkin/sessions/${item.session}/scans`;
}

// What is sent of an item: neither what it was called here nor what became of it.
export function wire(item) {
  if (item.body) return { ...item.body, nonce: item.nonce, device_at: item.device_at, offset_ms: item.offset_ms, stored: item.stored };
  const { nonce, verb, how, code, card, key, device_at, offset_ms, sequence, undoes, late, stored } = item;
  return Object.fromEntries(
    Object.entries({ nonce, verb, how, code, card, key, device_at, offset_ms, sequence, undoes, late, stored })
      .filter(([, value]) => value !== undefined && value !== null),
  );
}
