// Who is late by the list that a device keeps, while no alarm of the site reaches it: children who should be here, and
// children who should have gone. It stays until somebody says where the child is; what is new sounds.
import { play } from "../checkin/sounds.js";

const EVERY = 20_000;
const THERE = new Set(["here", "on_the_way"]);

// The children who are late at a moment, each once, whichever lists they are on. Pure.
export function overdue(children, now) {
  const since = (child) => (THERE.has(child.where) ? child.until_at : child.where === "waiting" ? child.missing_at : null);
  const late = children.filter((each) => since(each) && Date.parse(since(each)) <= now);
  return [...new Map(late.map((each) => [each.id, each])).values()];
}

export class Overdue {
  constructor(page) {
    this.page = page;
    this.heard = new Set();
    setInterval(() => this.show(), EVERY);
  }

  show() {
    const found = overdue(this.page.everyone(), this.page.now());
    const marks = found.map((each) => `${each.id}-${each.where}`);
    const isNew = marks.some((each) => !this.heard.has(each));
    if (!isNew && marks.length === this.heard.size) return;
    this.heard = new Set(marks);
    this.page.part("overdue").hidden = !found.length;
    this.page.part("overdue-list").replaceChildren(...found.map((each) => this.line(each)));
    if (isNew) play("refused", { isSilent: false });
  }

  line(child) {
    const { words } = this.page;
    const line = document.createElement("li");
    const link = document.createElement("a");
    link.href = "#";
    link.textContent = child.of ? `${child.name} (${child.of})` : child.name;
    link.addEventListener("click", (event) => { event.preventDefault(); this.open(child); });
    line.append(link, `${words.colon}${THERE.has(child.where) ? words.stillHere : words.isMissing}`);
    return line;
  }

  open(child) {
    if (child.term !== this.page.term) this.page.turnTo(child.term);
    this.page.show(child.id, { rings: true });
  }
}
