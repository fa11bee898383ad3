// One answer as one large sign, said once and sounded. The signs come with the page (templates/checkin/verdict.html),
// so that they are there without a connection, too.
//
//   show(place, { answer: "already", name: "王*英", said: "9:05", act: button })
import { isMuted, mute, play } from "./sounds.js";

// `said` takes the place of the ready hint; `act` is what can be pressed next. `place` is the page's live region.
export function show(place, { answer, name = "", said = "", act = null }) {
  const template = document.querySelector(`template[data-verdict="${CSS.escape(answer)}"]`);
  if (!template) return null;
  const sign = template.content.firstElementChild.cloneNode(true);
  sign.querySelector("[data-verdict-name]").textContent = name;
  if (said) sign.querySelector("[data-verdict-said]").textContent = said;
  if (act) sign.querySelector(".verdict__words").append(act);
  place.replaceChildren(sign);
  sign.scrollIntoView({ block: "nearest" });
  play(sign.dataset.sound);
  return sign;
}

// Buttons that switch the sound off and on: those on the page now.
export function bindMute(root = document) {
  for (const button of root.querySelectorAll("button[data-mute]")) {
    const say = () => button.setAttribute("aria-pressed", String(isMuted()));
    button.hidden = false;
    say();
    button.addEventListener("click", () => {
      mute(!isMuted());
      play("ok");
    });
    addEventListener("checkin-muted", say);
  }
}
