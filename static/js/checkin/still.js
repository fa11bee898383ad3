// Reads a code from a photo that is taken or chosen: where the camera cannot be shown on the page (without HTTPS, or
// where it was refused), most phones can still take a picture. It is read here and sent nowhere.
import { makeDecoder } from "./decoder.js";

const SIDES = [800, 1_600, 2_800]; // points of the longer side, one after the other: most codes are found in the first

// The text of the code in a photo, or null.
export async function readPhoto(file) {
  let picture;
  try {
    picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    return null; // no picture
  }
  const decoder = await makeDecoder();
  try {
    for (const side of SIDES) {
      const text = await decoder.read(picture, side);
      if (text) return text;
      if (side >= Math.max(picture.width, picture.height)) break;
    }
    return null;
  } finally {
    decoder.close();
    picture.close();
  }
}

// A button that lets a photo be taken; `said` is told what became of it where no code was found.
export function bindPhoto(button, said, onCode) {
  const input = document.createElement("input");
  input.type = "file";
  input.accept = "image/*";
  input.setAttribute("capture", "environment");
  button.hidden = false;
  button.addEventListener("click", () => input.click());
  input.addEventListener("change", async () => {
    const [file] = input.files;
    if (!file) return;
    said.textContent = said.dataset.looking;
    const text = await readPhoto(file);
    input.value = ""; // the same photo may be chosen again
    said.textContent = text ? "" : said.dataset.nothing;
    if (text) onCode(text);
  });
}
