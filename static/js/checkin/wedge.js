// A scanner that types: it sends the letters of a code one after the other, faster than anybody writes, and then Enter.
//
//   listen(field, (text) => …)   field: where codes are typed by hand, or null
//
// Its code is taken wherever the focus is, but for other fields: what is typed there belongs to whoever types. In the
// code's own field both may type; whoever is slow sends the form with it, as without this script. While a Chinese input
// method is on, letters reach the page as keys only: then it is read which keys were pressed.
const PAUSE = 100; // ms between two keys; a longer one begins anew
const PATIENT = 500; // once it begins as our cards and slips do: some scanners without a wire are slow
const BEGINS = /^(?:QH1:|HTTPS?:)/i;
const SETTLES = 300; // ms in which an input method puts down what it took without showing that it composes
const LEAST = 6; // letters of a code; fewer are somebody's fast fingers

export function listen(field, onCode, { target = document } = {}) {
  let typed = "";
  let last = -Infinity;
  let isComposing = false; // whether an input method shows in the field what it makes of the keys
  let drops = false; // what it composes now came of a scan
  let dropsUntil = -Infinity;

  const reset = () => { typed = ""; };

  target.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || !isOurs(event.target, field)) return reset();
    const isQuick = event.timeStamp - last < (BEGINS.test(typed) ? PATIENT : PAUSE);
    last = event.timeStamp;
    if (!isQuick) reset();
    if (event.key === "Enter" || event.key === "Tab" || isEnter(event)) {
      if (typed.length >= LEAST && isQuick) take(event);
      return reset();
    }
    const letter = letterOf(event);
    if (letter && !event.repeat) typed += letter;
    // A button that happens to have the focus is not pressed by a blank inside a code.
    if (letter === " " && typed.length > 1 && event.target !== field) event.preventDefault();
  }, true);

  // What the input method made of the scanner's letters is not left behind in the field. It comes a moment later: where
  // one saw it composed, whenever that is put down, since a slow tablet takes its time.
  field?.addEventListener("compositionstart", () => { isComposing = true; });
  for (const kind of ["compositionend", "input"]) {
    field?.addEventListener(kind, (event) => {
      if (kind === "compositionend") isComposing = false;
      if (isComposing || !(drops || performance.now() < dropsUntil)) return;
      if (drops) dropsUntil = performance.now() + SETTLES; // some browsers tell of the same words once more
      drops = false;
      setTimeout(() => { field.value = ""; });
    });
  }

  function take(event) {
    const code = typed;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (isComposed(event)) dropsUntil = performance.now() + SETTLES;
    if (isComposing) drops = true;
    else if (field) field.value = "";
    onCode(code);
  }
}

function isOurs(element, field) {
  if (element === field || !(element instanceof Element)) return true;
  return !element.closest("textarea, select, [contenteditable]") && !isTextInput(element);
}

function isTextInput(element) {
  return element instanceof HTMLInputElement && !["button", "checkbox", "radio", "reset", "submit"].includes(element.type);
}

// While letters are composed, Enter is no key of its own either.
function isEnter(event) {
  return isComposed(event) && (event.code === "Enter" || event.code === "NumpadEnter" || event.code === "Tab");
}

function isComposed(event) {
  return event.isComposing || event.keyCode === 229 || event.key === "Process" || event.key === "Unidentified";
}

function letterOf(event) {
  return isComposed(event) ? pressed(event) : [...event.key].length === 1 ? event.key : "";
}

const SIGNS = { Minus: "-", Slash: "/", Period: ".", Space: " ", NumpadSubtract: "-", NumpadDivide: "/", NumpadDecimal: "." };
const SHIFTED = { Semicolon: ":", Slash: "?", Equal: "+" };
const UNSHIFTED = { Equal: "=", Semicolon: ";" };

// The letter of a key, as a keyboard of the USA has it: scanners are made as one.
function pressed({ code, shiftKey }) {
  const letter = /^Key([A-Z])$/.exec(code) ?? /^(?:Digit|Numpad)([0-9])$/.exec(code);
  if (letter) return letter[1];
  return (shiftKey && SHIFTED[code]) || SIGNS[code] || UNSHIFTED[code] || "";
}
