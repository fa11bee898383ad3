// Finds the square code in one picture, away from the page, so that the page never waits for it.
import decodeQR from "../../vendor/qr/decode.js";

self.addEventListener("message", ({ data: { width, height, pixels } }) => {
  let text = null;
  try {
    text = decodeQR({ width, height, data: new Uint8ClampedArray(pixels) });
  } catch {
    // there is none in this picture, or none that can be read
  }
  self.postMessage({ text });
});
