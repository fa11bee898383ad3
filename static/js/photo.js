// A chosen photo is made smaller before it is sent, where the browser can; a phone's photo of fifty million points would
// take minutes on a slow line. Without this script, or where it fails, the photo is sent as it is.
const LONGEST = 2400; // points on the longer side; the site itself keeps 1,600
const SMALL_ENOUGH = 1_500_000; // bytes

async function shrunk(file) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  const context = canvas.getContext("2d");
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  const made = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.9));
  return made && made.size < file.size ? new File([made], `${file.name}.jpg`, { type: "image/jpeg" }) : file;
}

for (const input of document.querySelectorAll('input[type="file"][accept^="image/"]')) {
  input.addEventListener("change", async () => {
    const [file] = input.files;
    if (!file || file.size <= SMALL_ENOUGH) return;
    try {
      const chosen = new DataTransfer();
      chosen.items.add(await shrunk(file));
      if (input.files[0] === file) input.files = chosen.files; // unless another one was chosen meanwhile
    } catch {
      // the site says what is wrong with it, if anything is
    }
  });
}
