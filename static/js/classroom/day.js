// The day's children without a connection: the sealed list, what was said here since, and what is said now. What is
// pressed is written into the outbox first; then it is shown; then it is sent.
import { Contact } from "../checkin/contact.js";
import * as outbox from "../checkin/outbox.js";
import { flush, lastTry } from "../checkin/sending.js";
import * as snapshots from "../checkin/snapshot.js";
import { play } from "../checkin/sounds.js";
import { Unsent } from "../checkin/unsent.js";
import { Sheet } from "./sheet.js";
import { keyOf, refresh } from "./kept.js";
import { GONE_BY, standing } from "./standing.js";

const TO = "/classroom/day/items";
const UNDO = 10 * 60_000;
const ORDER = ["waiting", "on_the_way", "here", "leave", "other", "gone"];

export class OfflineDay {
  constructor(root) {
    this.root = root;
    this.words = root.dataset;
    this.day = "";
    this.list = null;
    this.items = [];
    this.answered = [];
    this.contact = new Contact({ address: "/checkin/ping", unsent: () => this.items.length, heard: (state, isNew) => this.hear(state, isNew) });
    this.unsent = new Unsent(this.part("unsent"), {
      contact: this.contact,
      send: () => this.contact.hope().then(() => flush(this.contact)),
      forget: (nonces) => outbox.forget(nonces),
      adopt: (nonces) => outbox.adopt(nonces, this.contact.who).then(() => flush(this.contact)),
    });
    this.sheet = new Sheet(this);
  }

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
    this.day = new URLSearchParams(location.search).get("date") ?? this.today();
    const kept = await snapshots.open(keyOf(this.day));
    this.list = kept && Date.parse(kept.expires_at) > this.now() ? kept : null;
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
    if (state === "signed_out") snapshots.wipe().catch(() => {});
    if (state !== "online") return;
    flush(this.contact);
    if (isNew) this.refresh();
  }

  async refresh() {
    const known = this.answered.length;
    try {
      const list = await refresh(this.day, this.items.length);
      if (!list) return;
      this.list = list;
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

  async learn(news) {
    if (news.type === "answers") {
      for (const answer of news.answers) {
        const item = this.items.find((each) => each.nonce === answer.nonce);
        if (item?.to && ["accepted", "duplicate", "needs_review"].includes(answer.outcome)) this.answered.push(item);
        if (item?.to && answer.said && answer.outcome !== "accepted") this.say(answer.said);
      }
    }
    await this.reload();
    this.draw();
    if (news.type === "answers" && this.contact.state === "online") this.refresh();
  }

  say(words) {
    const line = this.part("said");
    line.textContent = "";
    setTimeout(() => { line.textContent = words; }, 50);
  }

  get mine() { return [...this.answered, ...this.items].filter((each) => each.to === TO && each.day === this.day); }

  // --- what is shown

  draw() {
    this.part("no-list").hidden = Boolean(this.list);
    this.part("day").hidden = !this.list || !this.part("sheet").hidden;
    if (!this.list) return;
    this.part("title").textContent = this.list.title || this.part("title").textContent;
    this.part("when").textContent = `${this.list.on} · ${this.words.made.replace("#", this.time(this.list.made_at))}`;
    const said = this.mine;
    this.children = this.list.children.map((each) => ({ ...each, ...standing(each, said, { words: this.words, time: (moment) => this.time(moment) }) }));
    this.part("count-here").textContent = String(this.children.filter((each) => each.where === "here").length);
    const sections = ORDER.map((where) => [where, this.children.filter((each) => each.where === where)]).filter(([, found]) => found.length);
    this.part("sections").replaceChildren(...sections.map(([where, found]) => this.section(where, found)));
    this.root.dataset.drawn = "";
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
    stored.hidden = !child.isStored;
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

  show(id) {
    const child = this.children?.find((each) => each.id === id) ?? null;
    this.part("sheet").hidden = !child;
    this.part("day").hidden = Boolean(child) || !this.list;
    if (child) this.sheet.open(child);
    else this.draw();
    (child ? this.part("name", this.part("sheet")) : this.part("title")).focus();
  }

  // --- what is said

  async put(child, body) {
    const item = {
      nonce: outbox.newNonce(), by: this.contact.who, to: TO, day: this.day, device_at: new Date().toISOString(), offset_ms: Math.round(this.contact.offset),
      stored: true, body: { ...body, child: child.id },
    };
    try {
      this.items.push(await outbox.put(item));
    } catch {
      this.part("broken").hidden = false;
      play("refused");
      return false;
    }
    this.draw();
    const now = this.children.find((each) => each.id === child.id);
    this.say(`${child.name}${this.words.colon}${now.so} · ${this.words.stored}`);
    play("stored");
    if (this.contact.state === "online") flush(this.contact);
    else this.contact.ask();
    return true;
  }
}

export { GONE_BY };

const root = document.querySelector("[data-offline-day]");
if (root && isSecureContext && "indexedDB" in window) new OfflineDay(root).begin();
