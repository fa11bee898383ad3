// What the site did not take as it was said, once nobody waited for its answer any more: it stands on the page, whichever
// of them is open, until somebody says that they have seen it.
import { see, unseen } from "../checkin/outbox.js";

export class Late {
  // `nameOf(id)` is the name of a child on this page, if it is known here; `time` says a moment.
  constructor(element, { nameOf, time }) {
    Object.assign(this, { element, nameOf, time });
  }

  part(name, within = this.element) { return within.querySelector(`[data-late-${name}]`); }

  async draw() {
    const found = await unseen().catch(() => []);
    const shown = found.map((each) => `${each.nonce} ${this.nameOf(each.child)}`).join();
    if (this.element.dataset.shown === shown) return;
    this.element.dataset.shown = shown;
    this.part("list").replaceChildren(...found.map((each) => this.line(each)));
    this.element.hidden = !found.length;
  }

  line(each) {
    const line = this.part("line").content.firstElementChild.cloneNode(true);
    const name = this.nameOf(each.child) ?? "";
    this.part("name", line).textContent = name;
    this.part("said", line).textContent = each.said;
    this.part("at", line).textContent = this.time(each.at);
    this.part("for", line).textContent = name;
    this.part("seen", line).addEventListener("click", () => see(each.nonce).then(() => this.draw()));
    return line;
  }
}
