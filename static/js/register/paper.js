// A sheet of paper entered by keyboard: a digit marks the line and goes on to the next; arrows and Enter move. Without
// this script the lines are plain radio buttons.
const list = document.querySelector("[data-paper]");
const lines = list ? [...list.querySelectorAll(".paper__line")] : [];

function markOf(line) {
  return line.querySelector("input[type=radio]:checked") ?? line.querySelector("input[type=radio]");
}

function goTo(line) {
  const first = line && markOf(line);
  if (!first) return document.querySelector("[name=walkin-0]")?.focus();
  first.focus();
  line.scrollIntoView({ block: "center" });
}

list?.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.target.type !== "radio") return;
  const line = event.target.closest(".paper__line");
  const at = lines.indexOf(line);
  const digit = event.key.normalize("NFKC");
  if (/^[1-4]$/.test(digit)) {
    line.querySelectorAll("input[type=radio]")[Number(digit) - 1].checked = true;
    goTo(lines[at + 1]);
  } else if (event.key === "ArrowDown" || event.key === "Enter") {
    goTo(lines[at + 1]);
  } else if (event.key === "ArrowUp") {
    if (at > 0) goTo(lines[at - 1]);
  } else {
    return;
  }
  event.preventDefault();
});
