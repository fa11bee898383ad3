// What has not been sent yet, said for as long as there is any: how many, what to do, and how to carry it to the desk.
import { adopt, forget, isTheirs, wire } from "./outbox.js";
import { flush } from "./sending.js";
import { digest } from "./snapshot.js";
import { play } from "./sounds.js";

const AGAIN = 5 * 60_000; // ms between two reminders

export class Unsent {
  constructor(element, contact) {
    this.element = element;
    this.words = element.dataset;
    this.bar = document.querySelector("[data-unsent-bar]"); // always in sight
    this.contact = contact;
    this.items = [];
    this.reminder = 0;
    this.part("send").addEventListener("click", () => contact.hope().then(() => flush(contact)));
    this.part("save").addEventListener("click", () => this.save());
    this.part("adopt").addEventListener("click", () => this.adopt());
    this.part("forget").addEventListener("click", () => forget(this.saved));
    this.saved = [];
    addEventListener("beforeunload", (event) => {
      if (this.items.length) event.preventDefault();
    });
  }

  part(name) { return this.element.querySelector(`[data-unsent-${name}]`); }

  show(items) {
    const before = this.items.length;
    this.items = [...items]; // the page goes on writing into its own
    const troubled = items.filter((each) => each.trouble);
    this.theirs = items.filter((each) => isTheirs(each, this.contact.who));
    this.element.hidden = this.bar.hidden = !items.length;
    document.documentElement.dataset.outbox = String(items.length);
    if (items.length) {
      const many = this.words.many.replace("#", items.length);
      if (this.part("count").textContent !== many) this.part("count").textContent = many;
      this.say(this.bar.lastElementChild, many);
      this.say(this.part("why"), this.why(troubled));
      this.count("trouble", troubled.length);
      this.count("theirs", this.contact.state === "online" ? this.theirs.length : 0);
      this.part("adopt").hidden = this.part("theirs").hidden;
      const isSaved = this.saved.length && items.every((each) => this.saved.includes(each.nonce));
      const isStuck = this.contact.state === "revoked" || troubled.length === items.length;
      this.part("forget").hidden = !(isSaved && isStuck);
      this.part("send").hidden = this.contact.state === "signed_out";
      this.part("sign-in").hidden = this.contact.state !== "signed_out";
    }
    if (items.length && !before) this.remind();
    if (!items.length) clearTimeout(this.reminder);
  }

  // What others stored here goes up in the name of whoever is signed in now, who has said so.
  async adopt() {
    await adopt(this.theirs.map((each) => each.nonce), this.contact.who);
    await flush(this.contact);
  }

  why(troubled) {
    const { state } = this.contact;
    if (state === "signed_out") return this.words.signedOut;
    if (state === "revoked") return this.words.revoked;
    if (state === "online") return troubled.length + this.theirs.length >= this.items.length ? "" : this.words.sending;
    return this.words.offline;
  }

  // A sentence with its number, where there is any.
  count(name, many) {
    this.part(name).hidden = !many;
    this.part(name).textContent = many ? this.words[name].replace("#", many) : "";
  }

  say(element, words) {
    if (element.textContent !== words) element.textContent = words;
  }

  // Again and again, in sound and to a screen reader, until nothing is left.
  remind() {
    clearTimeout(this.reminder);
    this.reminder = setTimeout(() => {
      if (!this.items.length) return;
      const count = this.part("count");
      const words = count.textContent;
      count.textContent = "";
      setTimeout(() => { count.textContent = words; }, 100); // said once more
      this.element.dataset.reminded = String(Number(this.element.dataset.reminded ?? 0) + 1);
      play("ask");
      this.remind();
    }, AGAIN);
  }

  // A file for the desk: no names, and a digest that tells whether it came whole.
  async save() {
    const atDoors = this.items.filter((each) => !each.to); // what was said of children is typed in from the paper list
    const items = atDoors.map((each) => ({ session: each.session, ...wire({ ...each, stored: true }) }));
    const whole = {
      format: "qinghe-check-in",
      version: 1,
      made_at: new Date().toISOString(),
      device: this.contact.device?.name ?? "",
      digest: await digest(JSON.stringify(items)),
      items,
    };
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([JSON.stringify(whole, null, 1)], { type: "application/json" }));
    link.download = `check-in-${whole.made_at.slice(0, 16).replace(/[T:]/g, "-")}-${items.length}.json`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    this.saved = atDoors.map((each) => each.nonce);
    this.show(this.items);
  }
}
