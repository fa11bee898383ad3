// The day's children without a connection: the sealed list, what was said here since, and what is said now. What is
// pressed is written into the outbox first; then it is shown; then it is sent.
import { Contact } from "../checkin/contact.js";
import * as outbox from "../checkin/outbox.js";
import { flush, lastTry } from "../checkin/sending.js";
import * as snapshots from "../checkin/snapshot.js";
import { play } from "../checkin/sounds.js";
import { Unsent } from "../checkin/unsent.js";
import { Late } from "./late.js";
import { Sheet } from "./sheet.js";
import { keyOf, refresh } from "./kept.js";
import { Overdue } from "./overdue.js";
import { GONE_BY, standing } from "./standing.js";

const TO = "/classroom/day/items";
const LIVE = 2_000; // ms for which an answer is waited for before it counts as stored
const UNDO = 10 * 60_000;
const TAKEN = new Set(["accepted", "duplicate", "needs_review"]);
const ORDER = ["waiting", "on_the_way", "here", "elsewhere", "leave", "other", "gone"];

export class OfflineDay {
  constructor(root) {
    this.root = root;
    this.words = root.dataset;
    this.day = "";
    this.term = null; // whose list is shown, where several terms have a list of this date
    this.list = null;
    this.lists = [];
    this.items = [];
    this.answered = [];
    this.waiting = new Map(); // by nonce: who waits for the answer
    this.asked = new Set(); // the children of whom an answer is waited for
    this.contact = new Contact({ address: "/checkin/ping", unsent: () => this.items.length, heard: (state, isNew) => this.hear(state, isNew) });
    this.unsent = new Unsent(this.part("unsent"), this.contact);
    this.late = new Late(this.part("late"), { nameOf: (id) => this.nameOf(id), time: (moment) => this.time(moment) });
    this.sheet = new Sheet(this);
    this.overdue = new Overdue(this);
  }

  nameOf(id) { return this.lists.flatMap((each) => each.children).find((each) => each.id === id)?.name; }

  part(name, within = this.root) { return within.querySelector(`[data-${name}]`); }

  make(name) { return document.querySelector(`template[data-${name}]`).content.firstElementChild.cloneNode(true); }

  // The centre's date, by its own clock as far as we know it.
  today() { return new Intl.DateTimeFormat("sv-SE", { timeZone: this.words.zone }).format(new Date(this.now())); }

  time(moment) {
    const how = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: this.words.zone };
    return new Intl.DateTimeFormat(document.documentElement.lang, how).format(new Date(moment));
  }

  now() { return this.contact.now(); }

  async begin() {
    outbox.listen((news) => this.learn(news));
    for (const sign of ["online", "focus", "pageshow"]) addEventListener(sign, () => this.contact.hope());
    addEventListener("pagehide", () => lastTry(this.contact, this.items));
    this.part("back").addEventListener("click", (event) => { event.preventDefault(); this.show(null); });
    await Promise.all([this.contact.begin(), this.reload()]);
    await this.promiseOld();
    const asked = new URLSearchParams(location.search);
    this.day = asked.get("date") ?? this.today();
    this.term = Number(asked.get("term")) || null;
    const kept = await snapshots.open(keyOf(this.day));
    const isMine = kept && kept.who === this.contact.who && Date.parse(kept.expires_at) > this.now();
    if (!this.list && isMine) this.choose(kept);
    this.draw();
    const [, child] = /\/classroom\/day\/(\d+)$/.exec(location.pathname) ?? [];
    if (child && this.list) this.show(Number(child));
    this.root.dataset.ready = "";
    await this.contact.ask();
  }

  hear(state, isNew) {
    this.root.dataset.contact = state;
    const words = { online: this.words.online, signed_out: this.words.signedOut }[state] ?? this.words.offline;
    const line = this.part("contact-words");
    if (line.textContent !== words) line.textContent = words;
    this.part("again").hidden = state === "offline" || state === "unknown";
    this.unsent.show(this.items);
    if (state !== "online") for (const done of [...this.waiting.values()]) done(null);
    if (state === "signed_out") snapshots.wipe().catch(() => {});
    if (state === "signed_out" || (this.list && state === "online" && this.list.who !== this.contact.who)) this.close();
    if (state !== "online") return;
    flush(this.contact);
    if (isNew) this.refresh();
  }

  // The list of somebody who is not signed in here any more is shown no longer.
  close() {
    this.list = null;
    this.lists = [];
    this.children = [];
    this.part("sections").replaceChildren();
    this.part("sheet").hidden = true;
    this.draw();
  }

  // Of the lists of the date the one that is looked at, else the first.
  choose(kept) {
    this.lists = (kept.lists ?? [kept]).map((each) => ({ ...kept, ...each })); // an older page kept one list
    this.list = this.lists.find((each) => each.term === this.term) ?? this.lists[0];
    this.term = this.list.term ?? null;
  }

  turnTo(term) {
    this.term = term;
    this.list = this.lists.find((each) => each.term === term);
    const address = new URL(location.href);
    address.pathname = "/classroom/day";
    address.searchParams.set("term", term);
    history.replaceState(null, "", address);
    this.show(null);
  }

  async refresh() {
    const known = this.answered.length;
    try {
      const kept = await refresh(this.day, this.items.length);
      if (!kept) return;
      this.choose(kept);
      this.answered = this.answered.slice(known);
      this.draw();
    } catch {
      // the list from before stands
    }
  }

  async reload() {
    try {
      this.items = await outbox.all();
      outbox.mark(this.items.length);
      this.part("broken").hidden = true;
    } catch {
      this.part("broken").hidden = false;
    }
    this.unsent.show(this.items);
  }

  // What a page that went away still waited for has had no answer: it counts as stored.
  async promiseOld() {
    const old = this.items.filter((each) => each.to === TO && !each.stored && Date.now() - Date.parse(each.device_at) > 2 * LIVE);
    if (!old.length) return;
    await Promise.all(old.map((each) => outbox.promise(each.nonce)));
    await this.reload();
  }

  async learn(news) {
    if (news.type === "answers") {
      for (const answer of news.answers) {
        const item = this.items.find((each) => each.nonce === answer.nonce);
        if (item?.to && TAKEN.has(answer.outcome)) this.answered.push(item);
        const done = this.waiting.get(answer.nonce);
        if (done) done(answer);
        else if (item?.to && answer.said && answer.outcome !== "accepted") this.heardLate(answer);
      }
    }
    await this.reload();
    this.draw();
    if (news.type === "answers" && this.contact.state === "online") this.refresh();
  }

  // Nobody waits for this answer any more: what was not taken stands on the page until it is seen.
  heardLate(answer) {
    if (answer.outcome === "duplicate") this.say(answer.said);
    else play("refused");
  }

  say(words) {
    const line = this.part("said");
    line.textContent = "";
    setTimeout(() => { line.textContent = words; }, 50);
  }

  // What is shown as done: what the site took, and what counts as stored; what waits for an answer does not yet.
  get mine() { return [...this.answered, ...this.items.filter((each) => each.stored)].filter((each) => each.to === TO && each.day === this.day); }

  // Say for everybody to see that something was not done, and why.
  turnDown(words, id) {
    const name = this.nameOf(id);
    const whole = name ? `${name}${this.words.colon}${words}` : words;
    if (!this.part("sheet").hidden) this.sheet.refuse(whole);
    this.part("turned-down").hidden = false;
    this.part("turned-down-words").textContent = whole;
    play("refused");
  }

  // --- what is shown

  draw() {
    this.part("no-list").hidden = Boolean(this.list);
    this.part("day").hidden = !this.list || !this.part("sheet").hidden;
    const who = document.querySelector("[data-cover-who]");
    who.textContent = this.list ? who.dataset.words.replace("#", this.list.me) : "";
    if (!this.list) return this.drawBeside();
    this.part("title").textContent = this.list.title || this.part("title").textContent;
    this.part("when").textContent = `${this.list.on} · ${this.words.made.replace("#", this.time(this.list.made_at))}`;
    this.drawTerms();
    this.children = this.childrenOf(this.list, this.mine);
    this.part("count-here").textContent = String(this.children.filter((each) => each.where === "here").length);
    const sections = ORDER.map((where) => [where, this.children.filter((each) => each.where === where)]).filter(([, found]) => found.length);
    this.part("sections").replaceChildren(...sections.map(([where, found]) => this.section(where, found)));
    this.drawBeside();
    this.root.dataset.drawn = "";
  }

  childrenOf({ term = null, children }, said) {
    const how = { term, words: this.words, time: (moment) => this.time(moment) };
    return children.map((each) => ({ ...each, term, ...standing(each, said, how) }));
  }

  // The children of all lists of the date, whichever is looked at.
  everyone() {
    const said = this.mine;
    return this.lists.flatMap((each) => this.childrenOf(each, said));
  }

  drawTerms() {
    const terms = this.part("terms");
    terms.hidden = this.lists.length < 2;
    terms.replaceChildren(...(terms.hidden ? [] : this.lists.map((each) => this.termLink(each))));
  }

  termLink(list) {
    const link = this.make("term");
    link.textContent = list.title;
    if (list === this.list) link.setAttribute("aria-current", "page");
    link.addEventListener("click", (event) => { event.preventDefault(); this.turnTo(list.term); });
    return link;
  }

  drawBeside() {
    this.overdue.show();
    this.late.draw();
  }

  section(where, children) {
    const section = this.make("section");
    this.part("head", section).textContent = this.words[where];
    this.part("n", section).textContent = String(children.length);
    this.part("lines", section).append(...children.map((each) => this.line(each)));
    return section;
  }

  line(child) {
    const line = this.make("line");
    line.id = `c${child.id}`;
    this.part("name", line).textContent = child.name;
    this.part("of", line).textContent = child.of;
    this.part("so", line).textContent = [child.so, child.where === "gone" ? "" : child.plan].filter(Boolean).join(" · ");
    const stored = this.part("stored", line);
    stored.hidden = !this.items.some((each) => each.nonce === child.nonce);
    stored.textContent = this.words.stored;
    this.part("health", line).append(...child.health.map((each) => this.health(each)));
    for (const each of line.querySelectorAll("[data-for]")) each.textContent = `${this.words.colon}${child.name}`;
    const open = (event) => { event.preventDefault(); this.show(child.id); };
    this.part("name", line).addEventListener("click", open);
    this.part("open", line).addEventListener("click", open);
    this.part("open", line).hidden = child.where !== "here";
    this.part("arrive", line).hidden = child.where === "here" || child.where === "gone";
    this.part("arrive", line).addEventListener("click", () => this.put(child, { act: "arrive" }));
    const undo = this.part("undo", line);
    undo.hidden = !(child.isStored && this.now() - child.at < UNDO);
    undo.addEventListener("click", () => this.put(child, { act: "undo", undoes: child.nonce }));
    return line;
  }

  health(note) {
    const shown = this.make("health-note");
    shown.classList.add(`health--${note.level}`);
    this.part("trigger", shown).textContent = note.trigger;
    this.part("what", shown).textContent = note.what;
    return shown;
  }

  show(id, { rings = false } = {}) {
    const child = this.children?.find((each) => each.id === id) ?? null;
    this.part("sheet").hidden = !child;
    this.part("day").hidden = Boolean(child) || !this.list;
    if (child) this.sheet.open(child, { rings });
    else this.draw();
    (child ? this.part("name", this.part("sheet")) : this.part("title")).focus();
  }

  // --- what is said

  // With a connection the site says first whether it is so, for two seconds; then, and without one, it counts as stored.
  async put(child, body) {
    if (this.asked.has(child.id)) return false;
    this.asked.add(child.id);
    try {
      return await this.record(child, body);
    } finally {
      this.asked.delete(child.id);
    }
  }

  async record(child, body) {
    const isLive = this.contact.state === "online";
    this.part("turned-down").hidden = true;
    const item = {
      nonce: outbox.newNonce(), by: this.contact.who, to: TO, day: this.day, device_at: new Date().toISOString(), offset_ms: Math.round(this.contact.offset),
      stored: !isLive, body: { ...body, child: child.id, ...(this.term && { term: this.term }) },
    };
    const wait = isLive ? this.answerTo(item.nonce) : null;
    try {
      this.items.push(await outbox.put(item));
    } catch {
      this.waiting.delete(item.nonce);
      this.part("broken").hidden = false;
      play("refused");
      return false;
    }
    if (isLive) {
      flush(this.contact);
      const theirs = await wait;
      if (theirs) {
        if (!TAKEN.has(theirs.outcome)) await outbox.see(item.nonce); // it is shown where it was pressed
        return this.tell(child, theirs);
      }
      await outbox.promise(item.nonce);
      await this.reload();
    }
    this.draw();
    this.say(`${child.name}${this.words.colon}${this.soOf(child)} · ${this.words.stored}`);
    play("stored");
    if (!isLive) this.contact.ask();
    return true;
  }

  // What the site said at once. Resolves with whether it was taken.
  tell(child, { outcome, said }) {
    if (!TAKEN.has(outcome)) {
      this.turnDown(said || this.words.malformed, child.id);
      return false;
    }
    this.draw();
    this.say(`${child.name}${this.words.colon}${outcome === "accepted" ? this.soOf(child) : said}`);
    play(outcome === "accepted" ? "ok" : "ask");
    return true;
  }

  soOf(child) { return this.children.find((each) => each.id === child.id)?.so ?? ""; }

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
}

export { GONE_BY };

const root = document.querySelector("[data-offline-day]");
if (root && isSecureContext && "indexedDB" in window) new OfflineDay(root).begin();
