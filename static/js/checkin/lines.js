// Draws the list of a session: one line a person, with what can be said of them now.
import { isHere } from "./roll.js";

const ARRIVED = ["arrived", "late", "on_leave"];

// What can be pressed at a line, first what is pressed most.
function acts(line) {
  if (isHere(line)) return ["left"];
  return line.status === "left" ? ["arrived"] : ARRIVED.filter((each) => each !== line.status);
}

export class Lines {
  // `press(key, act)` is called for a press; `time` says a moment; `words` are those of the page.
  constructor(list, { press, time, words, canUndo }) {
    this.list = list;
    this.time = time;
    this.words = words;
    this.canUndo = canUndo;
    this.template = document.querySelector("template[data-line]");
    this.drawn = new Map();
    list.addEventListener("click", (event) => {
      const button = event.target.closest("button[data-act]");
      if (!button) return;
      event.preventDefault();
      press(button.closest("[data-key]").dataset.key, button.dataset.act);
    });
  }

  draw(lines) {
    for (const [key, element] of this.drawn) {
      if (lines.has(key)) continue;
      element.remove();
      this.drawn.delete(key);
    }
    if (!this.drawn.size) this.list.replaceChildren(); // what the site had drawn is drawn anew
    let before = null;
    for (const [key, line] of lines) {
      let element = this.drawn.get(key);
      if (!element) {
        element = this.template.content.firstElementChild.cloneNode(true);
        element.dataset.key = key;
        this.drawn.set(key, element);
        if (before) before.after(element);
        else this.list.prepend(element);
      }
      this.fill(element, line);
      before = element;
    }
  }

  fill(element, line) {
    const shown = `${line.status} ${line.since} ${line.isUnsent} ${line.name} ${this.canUndo(line.key)}`;
    if (element.dataset.shown === shown) return;
    element.dataset.shown = shown;
    element.dataset.status = line.status;
    element.querySelector("[data-name]").textContent = line.name;
    const badge = document.querySelector(`template[data-status="${line.status}"]`).content.cloneNode(true);
    element.querySelector("[data-badge]").replaceChildren(badge);
    element.querySelector("[data-since]").textContent = isHere(line) && line.since ? this.time(line.since) : "";
    element.querySelector("[data-unsent-mark]").hidden = !line.isUnsent;
    const wanted = acts(line);
    if (this.canUndo(line.key)) wanted.push("undone");
    const hadFocus = element.contains(document.activeElement);
    for (const button of element.querySelectorAll("button[data-act]")) {
      button.hidden = !wanted.includes(button.dataset.act);
      button.setAttribute("aria-label", `${button.textContent.trim()}${this.words.colon}${line.name}`);
    }
    if (hadFocus && document.activeElement?.hidden) element.querySelector("button[data-act]:not([hidden])").focus();
  }
}
