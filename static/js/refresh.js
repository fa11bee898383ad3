// A part of the page that htmx shows anew every half minute: not while nobody sees it, not while somebody wants it to
// stand still, and no more once the sign-in has ended. Whatever had the focus keeps it, or the heading above it gets it.
const EVERY = 30_000;
const part = document.querySelector("[data-refreshes]");
const button = document.querySelector("[data-stops-refresh]");
let shownAt = Date.now();
let isStopped = false;
let heading = "";

const hasEnded = () => part.querySelector("[data-refresh-ended]") !== null;

function catchUp() {
  if (!document.hidden && Date.now() - shownAt >= EVERY) part.dispatchEvent(new CustomEvent("refresh"));
}

if (part) {
  part.addEventListener("htmx:before:request", (event) => {
    if (document.hidden || isStopped || hasEnded()) event.preventDefault();
  });
  part.addEventListener("htmx:before:swap", () => {
    const here = part.contains(document.activeElement) ? document.activeElement.closest("section[aria-labelledby]") : null;
    heading = here ? here.getAttribute("aria-labelledby") : "";
  });
  part.addEventListener("htmx:after:swap", () => {
    shownAt = Date.now();
    if (heading && document.activeElement === document.body) {
      document.getElementById(heading)?.focus({ preventScroll: true }); // what had the focus is gone from the list
    }
  });
  document.addEventListener("visibilitychange", catchUp);
  window.addEventListener("pageshow", catchUp);
}
if (part && button) {
  button.hidden = false;
  button.addEventListener("click", () => {
    isStopped = !isStopped;
    button.setAttribute("aria-pressed", String(isStopped));
    catchUp();
  });
}
