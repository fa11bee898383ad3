// The page on which scanning is practised: all that check-in does with what it reads, but nothing is sent.
import { readCode } from "./codes.js";
import { Reader } from "./reader.js";
import { play } from "./sounds.js";
import { bindMute, show } from "./verdict.js";
import { listen } from "./wedge.js";

const page = document.querySelector("[data-practice]");
const words = page.dataset;
const hosts = [location.host, ...words.hosts.split(" ")].filter(Boolean);
const place = page.querySelector("[data-verdict-place]");
const form = page.querySelector("[data-code-form]");

function answer(text, way) {
  const code = readCode(text, hosts);
  const kind = code.code === words.practiceCard ? "practice" : code.kind;
  const name = { practice: words.kindPractice, card: words.kindCard, sign_up: words.kindSign_up, unknown: "" }[kind];
  const said = { camera: words.wayCamera, scanner: words.wayScanner, typed: words.wayTyped }[way];
  show(place, { answer: kind === "unknown" ? "unknown" : "checked_in", name, said });
}

new Reader(page.querySelector("[data-reader]"), (text) => answer(text, "camera"));
listen(form.elements.code, (text) => answer(text, "scanner"));
form.addEventListener("submit", (event) => {
  if (!form.elements.code.value.trim() || form.elements.code.value.length > 64) return; // refused by the site, in words
  event.preventDefault();
  answer(form.elements.code.value, "typed");
  form.elements.code.select();
});
for (const button of document.querySelectorAll("button[data-listen]")) {
  button.hidden = false;
  button.addEventListener("click", () => play(button.dataset.listen, { isSilent: false }));
}
bindMute();
