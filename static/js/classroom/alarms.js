// The strip of alarms above a page of the classroom: shown anew by itself. What is new is read out, sounds and shakes the
// phone, once somebody has touched the page; browsers let nothing sound before that.
import { play } from "../checkin/sounds.js";

const EVERY = 20_000;
const strip = document.querySelector("[data-alarms]");
const says = document.querySelector("[data-alarms-said]");
const KEPT_AS = "alarms-heard";

const marksNow = () => new Set((strip.querySelector("[data-marks]")?.dataset.marks ?? "").split(" ").filter(Boolean));

function heard() {
  try {
    return new Set(JSON.parse(sessionStorage.getItem(KEPT_AS) ?? "[]"));
  } catch {
    return new Set();
  }
}

function sayWhatIsNew() {
  const now = marksNow();
  const before = heard();
  const isNew = [...now].some((each) => !before.has(each));
  try {
    sessionStorage.setItem(KEPT_AS, JSON.stringify([...now]));
  } catch {
    // then it sounds again on the next page
  }
  if (!isNew) return;
  says.textContent = "";
  setTimeout(() => { says.textContent = strip.dataset.said; }, 50);
  play("refused", { isSilent: false });
}

async function look() {
  if (document.hidden) return;
  try {
    const answer = await fetch(strip.dataset.alarms, { headers: { "X-Refresh": "1" }, credentials: "same-origin" });
    if (!answer.ok || answer.redirected) return;
    const part = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-marks]");
    if (!part) return;
    if (part.dataset.marks !== strip.querySelector("[data-marks]")?.dataset.marks) {
      const hadFocus = strip.contains(document.activeElement);
      strip.replaceChildren(document.adoptNode(part));
      if (hadFocus) (strip.querySelector("a") ?? document.getElementById("main")).focus({ preventScroll: true });
      sayWhatIsNew();
    }
  } catch {
    // no connection: what stands there stays
  }
}

if (strip) {
  sayWhatIsNew();
  setInterval(look, EVERY);
  document.addEventListener("visibilitychange", look);
}
