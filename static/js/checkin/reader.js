// Reads square codes with the camera, while the page is looked at: a page that is hidden lets the camera go at once.
//
//   const reader = new Reader(element, (text) => …);   element: what templates/checkin/reader.html draws
//
// Without HTTPS there is no camera; refused, busy and absent cameras are said in words, with what to do instead.
import { makeDecoder } from "./decoder.js";
import { bindPhoto } from "./still.js";

const EVERY = 60; // ms between two pictures
const SAME_AGAIN = 2_500; // ms for which a code must be out of sight before it counts as shown again

export class Reader {
  constructor(element, onCode) {
    this.element = element;
    this.onCode = onCode;
    this.video = element.querySelector("[data-reader-video]");
    this.said = element.querySelector("[data-reader-said]");
    this.isWanted = false; // whether somebody switched it on
    this.turn = 0; // a start or stop makes whatever began before it give way
    this.facing = element.dataset.facing || "environment";
    this.seen = new Map(); // when each code was in sight last
    this.button("start")?.addEventListener("click", () => this.start());
    this.button("stop")?.addEventListener("click", () => this.stop());
    this.button("torch")?.addEventListener("click", () => this.switchTorch());
    this.button("turn")?.addEventListener("click", () => this.turnRound());
    document.addEventListener("visibilitychange", () => this.follow());
    addEventListener("pagehide", () => this.release());
    addEventListener("pageshow", () => this.follow()); // after Back
    bindPhoto(this.button("photo"), element.querySelector("[data-reader-photo-said]"), (text) => this.onCode(text));
    element.hidden = false;
    this.show(isSecureContext ? "off" : "insecure");
  }

  button(name) { return this.element.querySelector(`[data-reader-${name}]`); }

  // What the camera does now, in words and on the buttons.
  show(state) {
    const isOn = state === "reading" || state === "starting";
    this.state = this.element.dataset.state = state;
    this.said.textContent = this.said.dataset[state] ?? "";
    this.toggle("start", !isOn && state !== "insecure");
    this.toggle("stop", isOn);
    this.toggle("torch", state === "reading" && this.hasTorch());
    this.toggle("turn", state === "reading" && this.cameras > 1);
    this.video.hidden = !isOn;
  }

  // A button that goes away hands its focus on, so that a keyboard does not begin at the top again.
  toggle(name, isShown) {
    const button = this.button(name);
    if (!button) return;
    const hadFocus = document.activeElement === button && !isShown;
    button.hidden = !isShown;
    if (hadFocus) (name === "start" ? this.button("stop") : this.button("start"))?.focus();
  }

  async start() {
    this.isWanted = true;
    if (!isSecureContext) return this.show("insecure");
    if (document.hidden || this.stream) return;
    const turn = ++this.turn;
    this.show("starting");
    try {
      await this.open(turn);
    } catch (error) {
      if (turn !== this.turn) return;
      this.release();
      this.isWanted = false;
      this.show(stateOf(error));
    }
  }

  async open(turn) {
    if (!navigator.mediaDevices?.getUserMedia) throw new DOMException("none", "NotFoundError");
    const video = { facingMode: { ideal: this.facing }, width: { ideal: 1280 }, height: { ideal: 720 } };
    const stream = await navigator.mediaDevices.getUserMedia({ video, audio: false });
    if (turn !== this.turn) return letGo(stream); // stopped or hidden meanwhile
    this.stream = stream;
    const [track] = stream.getVideoTracks();
    track.addEventListener("ended", () => { // unplugged, or taken by a call
      if (this.stream !== stream) return;
      this.release();
      this.isWanted = false;
      this.show("lost");
    });
    this.video.srcObject = stream;
    await this.video.play();
    this.decoder ??= await makeDecoder();
    this.cameras = (await navigator.mediaDevices.enumerateDevices()).filter((each) => each.kind === "videoinput").length;
    if (turn !== this.turn) return;
    this.isLit = false;
    this.button("torch")?.setAttribute("aria-pressed", "false");
    this.show("reading");
    this.stayAwake();
    this.look(turn);
  }

  async look(turn) {
    while (turn === this.turn && this.stream) {
      const text = await this.decoder.read(this.video);
      if (turn !== this.turn) return;
      if (text) this.found(text);
      await new Promise((resolve) => setTimeout(resolve, EVERY));
    }
  }

  // A card that is held still is one code, not one for every picture; so are two that lie side by side.
  found(text, now = performance.now()) {
    for (const [each, at] of this.seen) if (now - at >= SAME_AGAIN) this.seen.delete(each);
    const isNew = !this.seen.has(text);
    this.seen.set(text, now);
    if (isNew) this.onCode(text);
  }

  stop() {
    this.isWanted = false;
    this.release();
    this.show("off");
  }

  // A phone at a door does not go dark while its camera reads.
  async stayAwake() {
    try {
      this.wakeLock = await navigator.wakeLock?.request("screen");
      if (!this.stream) this.wakeLock?.release();
    } catch {
      // it may go dark: its battery is low
    }
  }

  release() {
    this.turn += 1;
    this.wakeLock?.release();
    this.wakeLock = null;
    if (this.stream) letGo(this.stream);
    this.stream = null;
    this.video.srcObject = null;
  }

  follow() {
    if (document.hidden) {
      this.release();
      if (this.isWanted) this.show("paused");
    } else if (this.isWanted) {
      this.start();
    }
  }

  hasTorch() {
    const [track] = this.stream?.getVideoTracks() ?? [];
    return Boolean(track?.getCapabilities?.().torch);
  }

  async switchTorch() {
    const [track] = this.stream?.getVideoTracks() ?? [];
    try {
      await track?.applyConstraints({ advanced: [{ torch: !this.isLit }] });
      this.isLit = !this.isLit;
      this.button("torch").setAttribute("aria-pressed", String(this.isLit));
    } catch {
      this.button("torch").hidden = true; // it said it had one
    }
  }

  turnRound() {
    this.facing = this.facing === "environment" ? "user" : "environment";
    this.release();
    this.start();
  }
}

function letGo(stream) {
  for (const track of stream.getTracks()) track.stop();
}

function stateOf(error) {
  switch (error?.name) {
    case "NotAllowedError":
    case "SecurityError":
      return "refused";
    case "NotReadableError":
    case "AbortError":
      return "busy";
    case "NotFoundError":
    case "OverconstrainedError":
      return "absent";
    default:
      return "failed";
  }
}
