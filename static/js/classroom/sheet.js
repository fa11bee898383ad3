// The sheet of one child without a connection: who may take them, and how that is made sure. Whoever is barred gets no
// button; a code counts for an adult on the list alone, and after three wrong ones it counts no more.
import { withStore } from "../checkin/store.js";
import { play } from "../checkin/sounds.js";

const ROUNDS = 600_000;
const LETTERS = /[^A-Z0-9]/g;

export async function slowDigest(code, salt) {
  const key = await crypto.subtle.importKey("raw", new TextEncoder().encode(code), "PBKDF2", false, ["deriveBits"]);
  const bytes = Uint8Array.from(salt.match(/../g), (each) => Number.parseInt(each, 16));
  const bits = await crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt: bytes, iterations: ROUNDS }, key, 256);
  return [...new Uint8Array(bits)].map((each) => each.toString(16).padStart(2, "0")).join("");
}

// A try counts before it is compared, so that whoever presses quickly wins none; a right one is given back.
function used(key, more) {
  return withStore(async (db) => {
    const tx = db.transaction("meta", "readwrite", { durability: "strict" });
    const count = ((await tx.store.get(key)) ?? 0) + more;
    tx.store.put(count, key);
    await tx.done;
    return count;
  });
}

export class Sheet {
  constructor(page) {
    this.page = page;
    this.root = page.part("sheet");
    this.part("arrive").addEventListener("click", () => this.put({ act: "arrive" }));
    this.part("leave").addEventListener("click", () => this.leave());
    this.part("other-act").addEventListener("click", () => this.other());
    this.part("guardian-act").addEventListener("click", () => this.guardian());
  }

  part(name) { return this.page.part(name, this.root); }

  get words() { return this.page.words; }

  // `rings`: a guardian is to be rung, so their numbers are open.
  open(child, { rings = false } = {}) {
    this.child = child;
    this.part("ring").open = rings;
    for (const name of ["code", "number", "other-name"]) this.part(name).value = "";
    this.part("code-said").textContent = child.code ? "" : this.words.noCode;
    this.part("refused").textContent = "";
    this.part("name").textContent = child.name;
    this.part("of").textContent = child.of;
    this.part("plan").textContent = [child.plan, child.doubt].filter(Boolean).join(" · ");
    this.part("health").replaceChildren(...child.health.map((each) => this.page.health(each)));
    this.part("bars").replaceChildren(...child.bars.map((each) => this.bar(each)));
    this.part("arrive-place").hidden = child.where === "here";
    this.part("hand").hidden = child.where === "gone";
    const way = ["alone", "bus", "sibling"].includes(child.way);
    this.part("leave-place").hidden = !way;
    if (way) this.part("leave").textContent = child.plan;
    this.part("adults").replaceChildren(...child.adults.filter((each) => each.may && each.bar !== "deny").map((each) => this.adult(each)));
    this.part("second-list").replaceChildren(...this.page.list.staff.map((each) => this.choice("second", each.id, each.name)));
    this.part("callers").replaceChildren(...child.callers.map((each) => this.choice("caller", each.id, [each.name, each.relation, each.phone].filter(Boolean).join(" "))));
  }

  bar(each) {
    const shown = this.page.make("bar");
    shown.classList.add(`kid-bar--${each.level}`);
    this.page.part("who", shown).textContent = (each.level === "deny" ? this.words.deny : this.words.alert).replace("#", each.name);
    this.page.part("looks", shown).textContent = each.looks;
    return shown;
  }

  adult(each) {
    const shown = this.page.make("adult");
    const button = shown.querySelector("button");
    button.classList.add(each.named ? "button--primary" : "button--quiet");
    this.page.part("who", shown).textContent = `${this.words.yes.replace("#", each.name)} ${each.relation}`;
    this.page.part("why", shown).textContent = [each.named ? this.words.named : "", each.unseen ? this.words.unseen : "", each.bar ? this.words.alert.replace("#", each.name) : ""].filter(Boolean).join(" · ");
    button.addEventListener("click", () => this.hand(each));
    return shown;
  }

  choice(name, value, words) {
    const shown = this.page.make("choice");
    Object.assign(shown.querySelector("input"), { name: `off-${name}`, value: String(value) });
    shown.querySelector("span").textContent = words;
    return shown;
  }

  chosen(name) {
    const found = this.root.querySelector(`input[name="off-${name}"]:checked`);
    return found ? Number(found.value) : null;
  }

  // By the code, or by a second member of staff; an alert asks for both of the staff, and the director by telephone.
  async hand(adult) {
    const second = this.chosen("second");
    const typed = this.part("code").value.normalize("NFKC").toUpperCase().replace(/^QHC:/, "").replace(LETTERS, "");
    const { child } = this;
    let code = "";
    if (typed && !adult.bar) {
      const isRight = await this.isRight(typed);
      if (this.child !== child) return; // another child's sheet was opened meanwhile
      if (isRight) code = typed;
      else if (!second) return play("refused");
    }
    if (!code && !second) return this.refuse(this.words.needSecond);
    await this.put({ act: "hand", adult: adult.key, agreed: true, code, second });
  }

  async isRight(typed) {
    const { code, tries } = this.child;
    const key = this.triesKey;
    if (!code || (await used(key, 1)) > tries) {
      if (code) await used(key, -1);
      this.part("code-said").textContent = code ? this.words.locked : this.words.noCode;
      return false;
    }
    this.part("code-said").textContent = this.words.checking;
    if ((await slowDigest(typed, code.salt)) === code.digest) {
      await used(key, -1);
      this.part("code-said").textContent = this.words.right;
      return true;
    }
    const left = tries - (await used(key, 0));
    this.part("code-said").textContent = left > 0 ? this.words.wrong.replace("#", String(left)) : this.words.locked;
    return false;
  }

  get triesKey() { return `tries-${this.page.day}-${this.child.id}-${this.child.code?.salt ?? ""}`; }

  async leave() {
    const { way, leaves } = this.child;
    if (way === "alone" && leaves && this.page.now() < Date.parse(leaves)) return this.refuse(this.words.early.replace("#", this.page.time(leaves)));
    await this.put({ act: "leave", way });
  }

  async other() {
    const said = { other_name: this.part("other-name").value.trim(), approved_by: this.chosen("caller"), second: this.chosen("second") };
    if (!said.other_name || !said.approved_by || !said.second) return this.refuse(this.words.needRung);
    const caller = this.child.callers.find((each) => each.id === said.approved_by)?.name ?? "";
    for (const name of [said.other_name, caller]) if (this.isDenied(name)) return this.refuse(this.words.deny.replace("#", name));
    await this.put({ act: "hand", agreed: true, ...said, approved_on: this.number(said.approved_by) });
  }

  // However it is spaced: as the site compares it, but for old characters.
  isDenied(name) {
    const plain = (each) => each.normalize("NFKC").toLowerCase().replace(/[\s·•・]/gu, "");
    return this.child.bars.some((each) => each.level === "deny" && plain(each.name) === plain(name));
  }

  async guardian() {
    const approved = this.chosen("caller");
    if (!approved) return this.refuse(this.words.needRung);
    await this.put({ act: "guardian", approved_by: approved, approved_on: this.number(approved) });
  }

  number(guardian) {
    return this.part("number").value.trim() || this.child.callers.find((each) => each.id === guardian)?.phone || "";
  }

  refuse(words) {
    this.part("refused").textContent = words;
    play("refused");
  }

  async put(body) {
    if (await this.page.put(this.child, body)) this.page.show(null);
  }
}
