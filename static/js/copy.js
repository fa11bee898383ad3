// A button that copies a text. Without this script it stays hidden, and the text can be selected by hand.
for (const button of document.querySelectorAll("button[data-copies]")) {
  const text = document.getElementById(button.dataset.copies);
  const said = document.getElementById(`${button.dataset.copies}-said`);
  button.hidden = false;
  button.addEventListener("click", async () => {
    let isCopied = true;
    try {
      await navigator.clipboard.writeText(text.value);
    } catch {
      text.select(); // where a page is not served by HTTPS, the clipboard is out of reach
      isCopied = document.execCommand("copy");
    }
    said.textContent = isCopied ? button.dataset.done : button.dataset.failed;
  });
}
