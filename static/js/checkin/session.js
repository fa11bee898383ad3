// The page at the door of one session, with a connection or without. What is scanned or tapped is written into the
// outbox first; then it is shown; then it is sent.
import { Contact } from "./contact.js";
import { readCode } from "./codes.js";
import { bindPrint } from "./here.js";
import { Lines } from "./lines.js";
import * as outbox from "./outbox.js";
import { Reader } from "./reader.js";
import { counts, rollOf, verdict } from "./roll.js";
import { flush, lastTry, post } from "./sending.js";
import * as snapshots from "./snapshot.js";
import { play } from "./sounds.js";
import { keepForGood } from "./store.js";
import { Unsent } from "./unsent.js";
import { bindMute, show } from "./verdict.js";
import { listen } from "./wedge.js";

const LIVE = 2_000; // ms for which an answer is waited for before it counts as stored
const DOOR = /\/sessions\/(\d+)$/;
const UNDO = 10 * 60_000;
const ASKS = new Set(["not_signed_up", "wrong_session"]); // answers after which somebody may walk in

export class Door {
  constructor(root) {
    this.root = root;
    this.words = root.dataset;
    [, this.session] = DOOR.exec(location.pathname);
    this.place = root.querySelector("[data-verdict-place]");
    this.form = root.querySelector("[data-code-form]");
    this.said = root.querySelector("[data-said]");
    this.snapshot = null;
    this.byHash = new Map();
    this.items = []; // the outbox, of all sessions
    this.writing = 0;
    this.answered = []; // what the site took since the list was made
    this.mine = new Map(); // what was said here of whom, to be taken back
    this.waiting = new Map(); // by nonce: who waits for the answer
    this.contact = new Contact({
      address: "/checkin/ping",
      unsent: () => this.count(),
      heard: (state, isNew) => this.hear(state, isNew),
    });
    this.lines = new Lines(root.querySelector("[data-lines]"), {
      press: (key, act) => this.press(key, act),
      time: (moment) => this.time(moment),
      words: this.words,
      canUndo: (key) => Date.now() - (this.mine.get(key)?.at ?? 0) < UNDO,
    });
    this.unsent = new Unsent(root.querySelector("[data-unsent]"), this.contact);
  }

  async begin() {
    outbox.listen((news) => this.learn(news));
    this.bind();
    const [kept] = await Promise.all([snapshots.open(this.session), this.contact.begin(), this.reload()]);
    this.use(kept && Date.parse(kept.expires_at) > this.contact.now() ? kept : null);
    this.root.dataset.ready = "";
    await this.contact.ask();
    snapshots.clearOld(this.contact.now()).catch(() => {});
  }

  bind() {
    new Reader(this.root.querySelector("[data-reader]"), (text) => this.scan(text));
    listen(this.form.elements.code, (text) => this.scan(text));
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      const text = this.form.elements.code.value;
      if (text.trim()) this.scan(text);
      this.form.elements.code.value = "";
      this.form.elements.code.focus();
    });
    bindMute();
    bindPrint(this.root, () => this.contact.now(), (moment) => this.time(moment));
    const hope = () => this.contact.hope();
    addEventListener("online", hope);
    addEventListener("focus", hope);
    addEventListener("pageshow", hope);
    document.addEventListener("visibilitychange", () => { if (!document.hidden) hope(); });
    addEventListener("pagehide", () => lastTry(this.contact, this.items));
  }

  // --- the list

  use(snapshot) {
    if (!snapshot) return this.draw();
    this.snapshot = snapshot;
    this.byHash = new Map(snapshot.people.flatMap((each) => [each.card, each.code].filter(Boolean).map((hash) => [hash, each.key])));
    for (const [name, words] of Object.entries({ title: snapshot.session.title, when: snapshot.session.when })) {
      for (const element of document.querySelectorAll(`[data-session-${name}]`)) element.textContent = words;
    }
    this.draw();
  }

  // How many are unsent, with those that are being written down just now, here or in another tab.
  count() { return Math.max(this.items.length + this.writing, outbox.marked()); }

  get here() { return this.items.filter((each) => String(each.session) === this.session); }

  draw() {
    if (this.snapshot) {
      this.roll = rollOf(this.snapshot.people, [...this.answered, ...this.here]);
      this.lines.draw(this.roll);
      const { here, expected } = counts(this.roll);
      for (const [name, count] of Object.entries({ here, expected })) this.root.querySelector(`[data-count="${name}"]`).textContent = count;
      this.root.querySelector("[data-no-list]").hidden = true;
      this.root.querySelector("[data-counts]").hidden = false;
      this.root.querySelector("[data-closed]").hidden = this.snapshot.is_open !== false;
      this.root.dataset.drawnAt ??= String(Math.round(performance.now()));
    } else if ("shell" in this.words) {
      this.root.querySelector("[data-no-list]").hidden = false;
    }
    this.unsent.show(this.items);
  }

  async reload() {
    if (this.contact.isOver) return;
    try {
      this.items = await outbox.all();
      outbox.mark(this.items.length);
      this.root.querySelector("[data-broken]").hidden = true;
    } catch {
      this.root.querySelector("[data-broken]").hidden = false;
    }
    this.draw();
  }

  async refresh() {
    const known = this.answered.length;
    try {
      const answer = await fetch(`/checkin/sessions/${this.session}/snapshot`, {
        cache: "no-store", redirect: "manual", signal: AbortSignal.timeout(8_000),
        headers: { Accept: "application/json", "X-Unsent": String(this.count()) },
      });
      if (answer.status === 404) return this.lose();
      if (answer.status === 410) return this.contact.ask();
      if (!answer.ok) return;
      const snapshot = await answer.json();
      this.answered = this.answered.slice(known);
      this.use(snapshot);
      await snapshots.keep(this.session, snapshot);
      await navigator.serviceWorker?.ready;
      this.root.dataset.kept = ""; // from now on it works without a connection
    } catch {
      // the old list stands
    }
  }

  // This device or person may not see the list any more.
  async lose() {
    await snapshots.wipe().catch(() => {});
  }

  // --- what is heard

  hear(state, isNew) {
    this.root.dataset.contact = state;
    const words = { online: this.words.online, signed_out: this.words.signedOut, revoked: this.words.revoked };
    const line = this.root.querySelector("[data-contact-words]");
    if (line.textContent !== (words[state] ?? this.words.offline)) line.textContent = words[state] ?? this.words.offline;
    this.unsent.show(this.items);
    if (state !== "online") for (const done of [...this.waiting.values()]) done(null);
    if (state === "online") {
      if (isNew) this.arrive();
      flush(this.contact);
      this.later();
    } else if (state === "signed_out") {
      snapshots.wipe().catch(() => {});
    } else if (state === "revoked") {
      this.end();
    }
  }

  // A connection came: the page is kept for when it goes again.
  arrive() {
    keepForGood();
    navigator.serviceWorker?.controller?.postMessage("refresh");
  }

  later() {
    clearTimeout(this.refreshing);
    this.refreshing = setTimeout(() => this.refresh(), this.snapshot ? 800 : 0);
  }

  // The device was revoked: the list goes at once, what is unsent is sent, and then all is forgotten.
  async end() {
    if (this.isEnding) return;
    this.isEnding = true;
    await snapshots.wipe().catch(() => {});
    this.snapshot = null;
    this.lines.draw(new Map());
    await flush(this.contact);
    await this.reload();
    if (this.items.length) { // it stays until it is sent, or carried away as a file
      this.isEnding = false;
      return;
    }
    this.contact.stop();
    await this.contact.asking;
    clearTimeout(this.refreshing);
    await fetch("/checkin/ping", { cache: "no-store", headers: { "X-Unsent": "0" } }).catch(() => {});
    location.replace("/checkin");
  }

  learn(news) {
    if (news.type === "answers") {
      for (const answer of news.answers) {
        const item = this.items.find((each) => each.nonce === answer.nonce);
        if (item && (answer.outcome === "accepted" || answer.outcome === "duplicate")) this.answered.push({ ...item, isAnswered: true });
        this.waiting.get(answer.nonce)?.(answer);
      }
      this.later();
    }
    this.reload().then(() => {
      if (this.contact.state === "revoked" && !this.items.length) this.end();
    });
  }

  // --- what is said

  async scan(text) {
    const began = performance.now();
    const code = readCode(text, this.words.hosts.split(" "));
    if (code.kind === "unknown") return show(this.place, { answer: "unknown" });
    const isCard = code.kind === "card";
    const hash = await snapshots.digest(isCard ? code.code : code.reference.replace("-", ""));
    const what = isCard ? { card: hash } : { code: code.reference };
    const item = { verb: "arrived", how: isCard ? "card" : "sign_up", who: this.byHash.get(hash) ?? "", ...what };
    await this.record(item, began);
  }

  async press(key, act) {
    const before = this.mine.get(key);
    const undoes = act === "undone" ? before?.nonce : undefined;
    if (act === "undone" && !undoes) return;
    const late = { arrived: false, late: true }[act];
    await this.record({ verb: act === "late" ? "arrived" : act, how: "roll", who: key, key, late, undoes }, performance.now());
  }

  async record(item, began) {
    const isLive = this.contact.state === "online";
    const answer = verdict(this.roll, item.who);
    const whole = {
      ...item, nonce: outbox.newNonce(), by: this.contact.who, session: Number(this.session), device_at: new Date().toISOString(),
      offset_ms: this.contact.offset, stored: !isLive || item.how === "roll", // a tap shows at once, so it is not turned away
    };
    const wait = isLive ? this.answerTo(whole.nonce) : null;
    this.writing += 1;
    try {
      this.items.push(await outbox.put(whole));
    } catch {
      return this.fail(whole);
    } finally {
      this.writing -= 1;
    }
    if (item.verb === "undone") this.mine.delete(item.who);
    else if (item.who) this.mine.set(item.who, { nonce: whole.nonce, at: Date.now() });
    this.draw();
    if (!isLive) {
      this.tell(item, answer);
      this.root.dataset.answeredIn = String(Math.round(performance.now() - began));
      this.contact.ask();
      return;
    }
    flush(this.contact);
    const theirs = await wait;
    if (theirs) return this.tell(item, { ...theirs, name: theirs.name || answer.name });
    await outbox.promise(whole.nonce);
    this.tell(item, answer);
  }

  answerTo(nonce) {
    return new Promise((resolve) => {
      const late = setTimeout(() => done(null), LIVE);
      const done = (answer) => {
        clearTimeout(late);
        this.waiting.delete(nonce);
        resolve(answer);
      };
      this.waiting.set(nonce, done);
    });
  }

  // Show an answer: a scan's as a large sign, a tap's at its line, where it is what was wanted.
  tell(item, { answer, outcome, name = "", said = "", since = null }) {
    const isTap = item.how === "roll" && item.verb !== "walk_in";
    const isPlain = !outcome || outcome === "accepted" || outcome === "duplicate";
    if (isTap && isPlain) {
      const line = this.roll?.get(item.who);
      this.said.textContent = `${line?.name ?? name}${this.words.colon}${this.words[`status${line?.status ?? ""}`] ?? ""}${outcome ? "" : ` · ${this.words.stored}`}`;
      return play(outcome ? "ok" : "stored");
    }
    let more = said;
    if (!more && answer === "already" && since) more = this.words.since.replace("#", this.time(since));
    if (!more && answer === "stored" && !item.who) more = this.words.notOnList;
    if (outcome === "needs_review") more = `${more} ${this.words.needsReview}`.trim();
    const act = outcome === "refused" && ASKS.has(answer) && item.verb === "arrived" ? this.letIn(item) : null;
    show(this.place, { answer: answer ?? "stored", name, said: more, act });
  }

  letIn(item) {
    const button = document.querySelector("template[data-walk-in]").content.firstElementChild.cloneNode(true);
    button.addEventListener("click", () => {
      button.disabled = true;
      this.record({ ...item, verb: "walk_in" }, performance.now());
    });
    return button;
  }

  // The browser wrote nothing down: the site is asked at once, and nobody is told that it is kept.
  async fail(item) {
    this.root.querySelector("[data-broken]").hidden = false;
    this.waiting.delete(item.nonce);
    try {
      const alone = [{ ...item, sequence: 0, stored: false }];
      const answer = await post(this.contact, outbox.addressOf(item), alone, { signal: AbortSignal.timeout(LIVE * 2) });
      if (answer.ok) return this.tell(item, (await answer.json()).answers[0]);
    } catch {
      // neither here nor there
    }
    this.place.replaceChildren(document.querySelector("template[data-not-kept]").content.cloneNode(true));
    play("refused");
  }

  time(moment) {
    const how = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: this.words.zone };
    return new Intl.DateTimeFormat(document.documentElement.lang, how).format(new Date(moment));
  }
}

if ("serviceWorker" in navigator) {
  navigator.serviceWorker.register("/checkin/worker.js", { scope: "/checkin/" }).catch(() => {});
}
// Without https nothing can be kept in a browser: the page stays a plain form. The page of no session waits for one.
if (!isSecureContext || !("indexedDB" in window)) document.querySelector("[data-insecure]").hidden = false;
else if (DOOR.test(location.pathname)) new Door(document.querySelector("[data-door]")).begin();
