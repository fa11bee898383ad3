// Who stands how in a session, as far as this device knows: the list it was given, and what it said since. Pure.
const HERE = new Set(["present", "late"]);

// `people`: those of the snapshot; `said`: items in their order, those that the site has answered since it was made too.
export function rollOf(people, said) {
  const lines = new Map(people.map((each) => [each.key, { ...each, last: null, isUnsent: false, before: null }]));
  for (const item of withoutUndone(said)) {
    const line = lines.get(item.who);
    if (!line) continue;
    say(line, item);
  }
  return lines;
}

function withoutUndone(said) {
  const undone = new Set(said.filter((each) => each.verb === "undone").map((each) => each.undoes));
  return said.filter((each) => each.verb !== "undone" && !undone.has(each.nonce));
}

function say(line, item) {
  const at = new Date(Date.parse(item.device_at) + (item.offset_ms ?? 0)).toISOString();
  line.isUnsent ||= !item.isAnswered;
  if (item.verb === "arrived" || item.verb === "walk_in") {
    if (HERE.has(line.status)) return;
    Object.assign(line, { status: item.late ? "late" : "present", since: at, last: item });
  } else if (item.verb === "left") {
    Object.assign(line, { status: "left", last: item });
  } else if (item.verb === "on_leave" && !HERE.has(line.status) && line.status !== "left") {
    Object.assign(line, { status: "on_leave", since: null, last: item });
  }
}

export function isHere(line) { return HERE.has(line.status); }

export function counts(lines) {
  const all = [...lines.values()];
  return { here: all.filter(isHere).length, expected: all.length };
}

// What is answered without asking the site: `who` is somebody's key, or "" where this device does not know them.
export function verdict(lines, who) {
  const line = lines?.get(who);
  return line && isHere(line) ? { answer: "already", name: line.name, since: line.since } : { answer: "stored", name: line?.name ?? "" };
}
