// The entrance: what is scanned is sent at once, and the answer takes the place of the last one, so that the camera stays
// open. Without this script the form is sent as any other.
import { Reader } from "./reader.js";
import { play } from "./sounds.js";
import { bindMute } from "./verdict.js";
import { listen } from "./wedge.js";

const page = document.querySelector("[data-entrance]");
const form = page.querySelector("[data-code-form]");
let isBusy = false;

async function send(body) {
  if (isBusy) return;
  isBusy = true;
  try {
    const headers = { "X-CSRFToken": form.elements.csrf_token.value };
    const answer = await fetch(location.pathname, { method: "POST", body: new URLSearchParams(body), headers });
    const answered = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-answered]");
    if (!answered || !answer.ok) return location.reload(); // signed out, ended, or refused: the site says it in full
    const place = page.querySelector("[data-verdict-place]");
    place.replaceChildren(...answered.querySelector("[data-verdict-place]").childNodes);
    for (const old of page.querySelectorAll("[data-answered] > form")) old.remove();
    place.after(...answered.querySelectorAll(":scope > form"));
    const sign = place.querySelector("[data-sound]");
    if (sign) {
      sign.scrollIntoView({ block: "nearest" });
      play(sign.dataset.sound);
    }
    (page.querySelector("[data-answered] > form button") ?? form.elements.code).focus();
  } catch {
    form.requestSubmit(); // without a connection the browser says so
  } finally {
    form.elements.code.value = "";
    isBusy = false;
  }
}

const scanned = (text) => send([["code", text], ["csrf_token", form.elements.csrf_token.value]]);
new Reader(page.querySelector("[data-reader]"), scanned);
listen(form.elements.code, scanned);
page.addEventListener("submit", (event) => {
  const code = event.target.elements.code.value.trim();
  if (!code || code.length > 64 || isBusy) return; // refused by the site, in words
  event.preventDefault();
  send([...new FormData(event.target)]);
});
bindMute();
