// The tones of an answer and what the phone does in the hand; both can be switched off, and that is kept on the device.
const KEPT_AS = "checkin-muted";
// Each tone: hertz, when it begins and how long it is (seconds), and how it sounds.
const TONES = {
  ok: [[660, 0, 0.12, "sine"], [990, 0.13, 0.22, "sine"]], // up
  already: [[660, 0, 0.09, "sine"], [660, 0.14, 0.09, "sine"]], // twice the same
  ask: [[440, 0, 0.14, "triangle"], [440, 0.2, 0.14, "triangle"], [660, 0.4, 0.3, "triangle"]], // a question
  refused: [[196, 0, 0.28, "square"], [147, 0.32, 0.42, "square"]], // low, and down
  stored: [[880, 0, 0.1, "sine"], [660, 0.12, 0.1, "sine"], [440, 0.24, 0.2, "sine"]], // put down, step by step
};
const SHAKES = {
  ok: [90],
  already: [50, 60, 50],
  ask: [50, 60, 50, 60, 180],
  refused: [250, 90, 250],
  stored: [30, 50, 30, 50, 30],
};
const LOUDNESS = { sine: 0.35, triangle: 0.4, square: 0.14 };
let context = null;
let isMutedHere = false; // where the browser keeps nothing

export function isMuted() {
  try {
    return localStorage.getItem(KEPT_AS) === "1";
  } catch {
    return isMutedHere;
  }
}

export function mute(isWished) {
  isMutedHere = isWished;
  try {
    localStorage.setItem(KEPT_AS, isWished ? "1" : "0");
  } catch {
    // then it holds until the page is left
  }
  dispatchEvent(new CustomEvent("checkin-muted", { detail: isWished }));
}

// Browsers let a page sound once somebody pressed something on it; the first press anywhere wakes it up.
export function wake() {
  try {
    context ??= new AudioContext();
    if (context.state !== "running") context.resume();
  } catch {
    // this browser has no sound
  }
}

export function play(name, { isSilent = isMuted() } = {}) {
  if (!(name in TONES) || isSilent) return;
  wake();
  navigator.vibrate?.(SHAKES[name]);
  if (!context) return;
  const begin = context.currentTime + 0.02;
  for (const [hertz, from, length, type] of TONES[name]) tone(hertz, begin + from, length, type);
}

function tone(hertz, from, length, type) {
  const source = new OscillatorNode(context, { frequency: hertz, type });
  const loudness = new GainNode(context, { gain: 0 });
  loudness.gain.setValueAtTime(0, from);
  loudness.gain.linearRampToValueAtTime(LOUDNESS[type], from + 0.01);
  loudness.gain.setValueAtTime(LOUDNESS[type], from + length - 0.03);
  loudness.gain.linearRampToValueAtTime(0, from + length);
  source.connect(loudness).connect(context.destination);
  source.start(from);
  source.stop(from + length);
}

addEventListener("pointerdown", wake, { once: true });
addEventListener("keydown", wake, { once: true });
