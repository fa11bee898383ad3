// Who is here now on paper, for whoever calls the roll outside; it needs no connection. What is printed is the list of the
// page, of which the styles leave only those who are here.

export function bindPrint(root, now, time) {
  const button = root.querySelector("[data-print]");
  const head = root.querySelector("[data-printed]");
  button.hidden = false;
  button.addEventListener("click", () => print());
  addEventListener("beforeprint", () => { head.textContent = root.dataset.hereAt.replace("#", time(now())); });
}
