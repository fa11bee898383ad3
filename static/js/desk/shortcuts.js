// Single keys for the desk: an element with data-key="c" is pressed by C while no field has the focus. They can be
// switched off on the list of keys (WCAG 2.1.4), which this browser remembers. Without this script all are plain
// links and buttons, and the letters beside them stay hidden.
const KEPT = "desk-keys";
const list = document.getElementById("keys");
const opener = document.querySelector("[data-opens-keys]");
let isLeaving = false;

function areOn() {
  try {
    return localStorage.getItem(KEPT) !== "off";
  } catch {
    return true; // where a browser keeps nothing, the switch holds for this page
  }
}

function show(on) {
  document.documentElement.toggleAttribute("data-keys", on);
  for (const each of document.querySelectorAll("[data-key]")) {
    if (on) each.setAttribute("aria-keyshortcuts", each.dataset.key.toUpperCase());
    else each.removeAttribute("aria-keyshortcuts");
  }
}

function keep(on) {
  try {
    localStorage.setItem(KEPT, on ? "on" : "off");
  } catch {
    // as above
  }
  show(on);
}

function nameOf(element) {
  if (element.dataset.keyName) return element.dataset.keyName;
  const copy = element.cloneNode(true);
  for (const each of copy.querySelectorAll("kbd, svg")) each.remove();
  return copy.textContent.replace(/\s+/g, " ").trim();
}

function fill() {
  const rows = list.querySelector("tbody");
  rows.replaceChildren();
  const known = new Set();
  for (const each of document.querySelectorAll("[data-key]")) {
    if (known.has(each.dataset.key)) continue;
    known.add(each.dataset.key);
    const row = rows.insertRow();
    const key = document.createElement("kbd");
    key.className = "key";
    key.textContent = each.dataset.key.toUpperCase();
    const head = document.createElement("th");
    head.scope = "row";
    head.append(key);
    row.append(head);
    row.insertCell().textContent = nameOf(each);
  }
}

// An input method sends "Process" in place of the letter; the key itself is known by its place.
function letterOf(event) {
  if (event.key === "Process") return event.code.replace(/^(Key|Digit)/, "").toLowerCase();
  return event.key.length === 1 ? event.key.toLowerCase() : "";
}

function isTyping(target) {
  return target instanceof Element && target.closest("input, textarea, select, [contenteditable], dialog[open]") !== null;
}

function press(element) {
  if (element instanceof HTMLInputElement) {
    element.focus();
    element.select();
    return;
  }
  isLeaving = element !== opener; // a key pressed twice does nothing twice
  element.focus();
  element.click();
  setTimeout(() => (isLeaving = false), 2000);
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || event.defaultPrevented) return;
  if (!document.documentElement.hasAttribute("data-keys") || isTyping(event.target)) return;
  const letter = letterOf(event);
  if (!letter || (event.shiftKey && /[a-z0-9]/.test(letter))) return;
  const wanted = [...document.querySelectorAll("[data-key]")].find(
    (each) => each.dataset.key === letter && !each.hidden && each.getClientRects().length > 0,
  );
  if (!wanted) return;
  event.preventDefault();
  if (!isLeaving) press(wanted);
});

addEventListener("pageshow", () => (isLeaving = false));

if (list && opener) {
  const isOn = list.querySelector("input[type=checkbox]");
  opener.hidden = false;
  opener.addEventListener("click", () => {
    fill();
    isOn.checked = areOn();
    list.showModal();
    list.querySelector("h2").focus(); // reading begins at the top, not at the switch below
  });
  isOn.addEventListener("change", () => keep(isOn.checked));
  for (const each of list.querySelectorAll("[data-closes]")) each.addEventListener("click", () => list.close());
}
show(areOn());
