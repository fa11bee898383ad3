// After some minutes without a touch the names of children are covered, also where the telephone slept meanwhile. One tap
// shows them again: it keeps them from whoever looks at a telephone that lies there, and nobody from handing a child over.
const KEPT_AS = "last-touch";
const TOUCHES = ["pointerdown", "keydown", "wheel", "touchmove"];
const ALARMS = "[data-alarms], [data-overdue]"; // the site's, and the device's own
const EVERY = 1_000; // ms between two notes of a touch

export class Cover {
  constructor(dialog) {
    this.dialog = dialog;
    this.at = this.isOpenedAnew ? Date.now() : Number(sessionStorage.getItem(KEPT_AS)) || Date.now();
    this.timer = 0;
    for (const sign of TOUCHES) addEventListener(sign, () => this.touch(), { capture: true, passive: true });
    for (const sign of ["pageshow", "focus"]) addEventListener(sign, () => this.look());
    document.addEventListener("visibilitychange", () => this.look());
    dialog.querySelector("[data-uncover]").addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => this.touch());
    const watch = new MutationObserver(() => this.sayAlarms());
    for (const each of document.querySelectorAll(ALARMS)) watch.observe(each, { attributes: true, childList: true, subtree: true });
    this.look();
  }

  // By a press somewhere; a page that came back by itself was touched when it was touched last.
  get isOpenedAnew() { return performance.getEntriesByType("navigation")[0]?.type === "navigate"; }

  get after() { return Number(this.dialog.dataset.after); }

  touch() {
    if (this.dialog.open) return;
    if (Date.now() - this.at > EVERY) sessionStorage.setItem(KEPT_AS, String(Date.now()));
    this.at = Date.now();
    this.wait();
  }

  wait() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), Math.max(0, this.at + this.after - Date.now()));
  }

  look() {
    if (this.dialog.open) return;
    if (Date.now() - this.at < this.after) {
      this.wait();
      return;
    }
    this.sayAlarms();
    this.dialog.showModal();
  }

  // That an alarm waits is said on the cover as well; whom it is about is not.
  sayAlarms() {
    const waits = document.querySelector("[data-overdue]:not([hidden]), [data-alarms] [data-marks]:not([data-marks=''])");
    this.dialog.querySelector("[data-cover-alarms]").hidden = !waits;
  }
}

const dialog = document.querySelector("[data-cover]");
if (dialog?.showModal) new Cover(dialog);
