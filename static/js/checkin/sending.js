// Sends what the outbox holds, in order, one tab at a time. What is not answered stays where it is.
import { addressOf, all, announce, note, settle, waits, wire } from "./outbox.js";

const MOST = 200;
const PATIENCE = 20_000;
let running = null;
let isWantedAgain = false;

// Send all there is; resolves once there is nothing more to do now. Of calls meanwhile one more round comes.
export function flush(contact) {
  if (running) {
    isWantedAgain = true;
    return running;
  }
  running = alone(async () => {
    do {
      isWantedAgain = false;
      await round(contact);
    } while (isWantedAgain);
  }).finally(() => { running = null; });
  return running;
}

function alone(work) {
  return navigator.locks ? navigator.locks.request("checkin-outbox", work) : work();
}

async function round(contact) {
  if (!(await all()).length) return;
  if (!contact.isFresh) await contact.ask();
  if (contact.state !== "online" && contact.state !== "revoked") return;
  const items = (await all()).filter((item) => waits(item, contact.who));
  for (const address of new Set(items.map(addressOf))) {
    const mine = items.filter((each) => addressOf(each) === address);
    for (let from = 0; from < mine.length; from += MOST) {
      if (!(await send(contact, address, mine.slice(from, from + MOST)))) return;
    }
  }
}

// Whether to go on: false where there is no connection, or nobody is signed in.
async function send(contact, address, items, isAgain = false) {
  let answer;
  try {
    answer = await post(contact, address, items);
  } catch {
    contact.become("offline");
    return false;
  }
  if (answer.ok) {
    await settle((await answer.json()).answers);
    return true;
  }
  if (answer.type === "opaqueredirect" || answer.status === 401) {
    contact.become("signed_out");
    return false;
  }
  if (answer.status === 400 && !isAgain) { // the token was too old, or somebody else has signed in meanwhile
    await contact.ask();
    if (contact.state !== "online" && contact.state !== "revoked") return false;
    const mine = items.filter((item) => waits(item, contact.who));
    return mine.length ? send(contact, address, mine, true) : true;
  }
  if (answer.status === 413 && items.length > 1) {
    const half = Math.ceil(items.length / 2);
    return (await send(contact, address, items.slice(0, half))) && send(contact, address, items.slice(half));
  }
  if (answer.status >= 500 || answer.status === 429) {
    contact.become("offline");
    return false;
  }
  await note(items.map((each) => each.nonce), { status: answer.status });
  announce({ type: "changed" });
  return true;
}

// In whose name it goes is said with it: a page that has not heard who is signed in by now is sent back.
export function post({ csrf, who }, address, items, options = { signal: AbortSignal.timeout(PATIENCE) }) {
  return fetch(address, {
    method: "POST",
    redirect: "manual",
    cache: "no-store",
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": csrf },
    body: JSON.stringify({ who, items: items.map(wire) }),
    ...options,
  });
}

// The page goes away: what fits is sent once more without waiting for an answer. It stays in the outbox all the same.
export function lastTry(contact, items) {
  if (!contact.csrf || contact.state !== "online") return;
  const few = items.filter((item) => waits(item, contact.who)).slice(0, 50);
  for (const address of new Set(few.map(addressOf))) {
    post(contact, address, few.filter((each) => addressOf(each) === address), { keepalive: true }).catch(() => {});
  }
}
