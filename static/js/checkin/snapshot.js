// The list of one session, for when there is no connection: sealed with a key that no script can read out, and gone two
// hours after the session ends. Half of what opens it is a cookie: when somebody signs out the site takes that away, also
// where no script runs, and what lies here opens no more.
import { withStore } from "./store.js";

const HALF = "kept-lists";
const HALF_LASTS = 172_800; // seconds; each list ends sooner
const NOT_READY = "no https"; // without it a browser seals nothing, and then nothing is kept

async function keyOf() {
  const known = await withStore((db) => db.get("keys", "snapshot"));
  if (known) return known;
  const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  return withStore(async (db) => { // another tab may have made one meanwhile
    const tx = db.transaction("keys", "readwrite");
    const theirs = await tx.store.get("snapshot");
    if (!theirs) tx.store.put(made, "snapshot");
    await tx.done;
    return theirs ?? made;
  });
}

function half() {
  return new RegExp(`(?:^|; )${HALF}=([0-9a-f]{32})(?:;|$)`).exec(document.cookie)?.[1] ?? null;
}

function setHalf(value, age) {
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `${HALF}=${value}; path=/; max-age=${age}; samesite=strict${secure}`;
}

function newHalf() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((each) => each.toString(16).padStart(2, "0")).join("");
}

const bound = (id, other) => new TextEncoder().encode(`${id} ${other}`);

export async function keep(id, snapshot) {
  if (!crypto.subtle) throw new Error(NOT_READY);
  const key = await keyOf();
  const mine = half() ?? newHalf();
  setHalf(mine, HALF_LASTS);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const plain = new TextEncoder().encode(JSON.stringify(snapshot));
  const additionalData = bound(id, mine);
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData }, key, plain);
  await withStore((db) => db.put("snapshots", { iv, sealed, expires_at: Date.parse(snapshot.expires_at) }, String(id)));
}

// The list as it was kept; null where there is none. Whoever asks looks at its `expires_at`.
export async function open(id) {
  try {
    const [kept, key] = await withStore((db) => Promise.all([db.get("snapshots", String(id)), db.get("keys", "snapshot")]));
    const mine = half();
    if (!kept || !key || !mine) return null;
    const additionalData = bound(id, mine);
    const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: kept.iv, additionalData }, key, kept.sealed);
    return JSON.parse(new TextDecoder().decode(plain));
  } catch {
    return null;
  }
}

// Those whose time is over go, whichever session is looked at.
export async function clearOld(now) {
  await withStore(async (db) => {
    const tx = db.transaction("snapshots", "readwrite");
    for (let cursor = await tx.store.openCursor(); cursor; cursor = await cursor.continue()) {
      if (cursor.value.expires_at <= now) cursor.delete();
    }
    await tx.done;
  });
}

// Forget every list and the key. What was not sent yet is no list, and stays.
export async function wipe() {
  setHalf("", 0);
  await withStore(async (db) => {
    const tx = db.transaction(["snapshots", "keys"], "readwrite");
    tx.objectStore("snapshots").clear();
    tx.objectStore("keys").clear();
    await tx.done;
  });
}

export async function digest(text) {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(bytes)].map((each) => each.toString(16).padStart(2, "0")).join("");
}
