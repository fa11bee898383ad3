// What finds a square code in a picture of the camera: the browser's own reader where it knows such codes, else npm qr
// in a worker, else (a browser without such workers) npm qr in the page.
const LONGEST_SIDE = 800; // points: enough for a card at arm's length, and quick
const WAIT = 4_000; // ms for one picture, before the worker counts as dead

// `read(source, side)` gives the text of the code in a video, picture or canvas, made so small first, or null.
export async function makeDecoder({ Native = globalThis.BarcodeDetector } = {}) {
  if (await knowsSquareCodes(Native)) {
    try {
      return native(new Native({ formats: ["qr_code"] }));
    } catch {
      // it says so, and cannot after all
    }
  }
  return ours();
}

// Some browsers have the reader without anything behind it: then it lists no format, or not this one.
async function knowsSquareCodes(Native) {
  try {
    return Boolean(Native) && (await Native.getSupportedFormats()).includes("qr_code");
  } catch {
    return false;
  }
}

// Where the browser's own reader fails twice in a row, ours goes on.
function native(detector) {
  let failures = 0;
  let other = null;
  return {
    get kind() { return other ? other.kind : "browser"; },
    async read(source, side) {
      if (other) return other.read(source, side);
      if (source.readyState < 2) return null; // a video that shows nothing yet is no failure
      try {
        const found = await detector.detect(source);
        failures = 0;
        return found.length ? found[0].rawValue : null;
      } catch {
        failures += 1;
        if (failures >= 2) other = ours();
        return null;
      }
    },
    close() { other?.close(); },
  };
}

function ours() {
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true });
  let worker = startWorker();
  let decode = null; // in the page
  return {
    get kind() { return worker ? "worker" : "page"; },
    async read(source, side = LONGEST_SIDE) {
      const picture = draw(source, canvas, context, side);
      if (!picture) return null;
      if (worker) {
        const said = await ask(worker, picture);
        if (!said.isDead) return said.text;
        worker.terminate();
        worker = null;
        return null;
      }
      decode ??= (await import("../../vendor/qr/decode.js")).default;
      try {
        return decode({ width: picture.width, height: picture.height, data: picture.data });
      } catch {
        return null;
      }
    },
    close() { worker?.terminate(); },
  };
}

function startWorker() {
  try {
    return new Worker(new URL("./decode-worker.js", import.meta.url), { type: "module" });
  } catch {
    return null;
  }
}

function ask(worker, picture) {
  return new Promise((resolve) => {
    const pixels = picture.data.buffer;
    const late = setTimeout(() => answer({ isDead: true }), WAIT);
    const answer = (said) => {
      clearTimeout(late);
      worker.onmessage = worker.onerror = null;
      resolve(said);
    };
    worker.onmessage = ({ data }) => answer(data);
    worker.onerror = () => answer({ isDead: true });
    worker.postMessage({ width: picture.width, height: picture.height, pixels }, [pixels]);
  });
}

function draw(source, canvas, context, side) {
  const width = source.videoWidth || source.naturalWidth || source.width;
  const height = source.videoHeight || source.naturalHeight || source.height;
  if (!width || !height) return null; // the camera has not begun
  const scale = Math.min(1, side / Math.max(width, height));
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  context.drawImage(source, 0, 0, canvas.width, canvas.height);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}
