// Whether there is a connection. Only an answer within two seconds says so; `navigator.onLine` lies both ways, and is
// no more than a reason to ask again.
import { withStore } from "./store.js";

const PATIENCE = 2_000;
const SHORTEST = 2_000;
const LONGEST = 60_000;
const FRESH = 45_000; // for so long a token and an answer are believed

export class Contact {
  // state: "unknown", "online", "offline", "signed_out" or "revoked"
  constructor({ address, unsent, heard }) {
    this.address = address;
    this.unsent = unsent;
    this.heard = heard;
    this.state = "unknown";
    this.csrf = "";
    this.who = ""; // who is signed in, or which device this is, by a name that says nothing
    this.offset = 0;
    this.at = -Infinity;
    this.wait = SHORTEST;
    this.timer = 0;
    this.asking = null;
  }

  async begin() {
    try {
      const kept = await withStore((db) => db.get("meta", "offset"));
      if (!this.isMeasured) this.offset = kept ?? 0;
      const who = await withStore((db) => db.get("meta", "who"));
      this.who ||= who ?? ""; // the site may have said meanwhile who it is
    } catch {
      // then it counts as right until we hear from the site
    }
  }

  get isFresh() { return this.state === "online" && performance.now() - this.at < FRESH; }

  // What time it is at the centre, as far as we know.
  now() { return Date.now() + this.offset; }

  // Nothing is asked any more: this device is about to forget everything.
  stop() {
    this.isOver = true;
    clearTimeout(this.timer);
  }

  ask() {
    if (this.isOver) return Promise.resolve(this.state);
    this.asking ??= this.ping().finally(() => { this.asking = null; });
    return this.asking;
  }

  async ping() {
    const left = Date.now();
    let state = "offline";
    try {
      const headers = { "X-Unsent": String(this.unsent()), Accept: "application/json" };
      const answer = await fetch(this.address, { cache: "no-store", redirect: "manual", headers, signal: AbortSignal.timeout(PATIENCE) });
      if (answer.ok || answer.status === 410) {
        const said = await answer.json();
        this.csrf = said.csrf;
        this.device = said.device;
        if (said.who) await this.know(said.who);
        await this.compare(said.now, left);
        state = said.revoked ? "revoked" : said.device || said.signed_in ? "online" : "signed_out";
      }
    } catch {
      // no answer, too late, or none of ours: a hotel's page that wants a room number
    }
    this.become(state);
    return state;
  }

  // How far our clock is off, by the middle of the time that the question took.
  async compare(said, left) {
    const offset = Math.round(Date.parse(said) - (left + Date.now()) / 2);
    if (!Number.isFinite(offset)) return;
    this.offset = offset;
    this.isMeasured = true;
    try {
      await withStore((db) => db.put("meta", offset, "offset"));
    } catch {
      // it is known while this page is open
    }
  }

  async know(who) {
    const isNew = who !== this.who;
    this.who = who;
    if (isNew) await withStore((db) => db.put("meta", who, "who")).catch(() => {});
  }

  become(state) {
    if (state !== "offline") {
      this.at = performance.now();
      this.wait = SHORTEST;
    }
    const wasOther = state !== this.state;
    this.state = state;
    this.later();
    this.heard(state, wasOther);
  }

  // Ask again by itself: soon after a connection went, ever more rarely while it stays away.
  later() {
    clearTimeout(this.timer);
    if (this.isOver) return;
    const wait = this.state === "online" ? LONGEST / 2 : this.wait;
    if (this.state !== "online") this.wait = Math.min(LONGEST, this.wait * 2);
    this.timer = setTimeout(() => this.ask(), wait);
  }

  // Something speaks for a connection: ask now, and begin with short waits again.
  hope() {
    this.wait = SHORTEST;
    return this.ask();
  }
}
