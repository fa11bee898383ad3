// Where a child stands by the kept list and what was said on this device since. Pure.

export const GONE_BY = new Set(["hand", "leave", "guardian"]);

// {where, so, at, nonce, isStored}: `so` in words, `nonce` of what was said here last, to be taken back.
// What was said on the list of another term of that date took the child there.
export function standing(child, said, { term, words, time }) {
  const undone = new Set(said.filter((each) => each.body.act === "undo").map((each) => each.body.undoes));
  const mine = said.filter((each) => each.body.child === child.id && each.body.act !== "undo" && !undone.has(each.nonce));
  const last = mine.reduce((found, each) => (!found || moment(each) >= moment(found) ? each : found), null);
  if (!last) return { so: listed(child, words, time), isStored: false };
  const at = moment(last);
  const isElsewhere = (last.body.term ?? term) !== term;
  if (isElsewhere && last.body.act === "arrive") return { where: "elsewhere", so: time(at), at, isStored: false };
  const where = GONE_BY.has(last.body.act) ? "gone" : "here";
  return { where, so: `${how(child, last.body, words)} ${time(at)}`, at, nonce: last.nonce, isStored: true };
}

const moment = (item) => Date.parse(item.device_at) + item.offset_ms;

function listed(child, words, time) {
  if (child.where === "waiting" || child.where === "leave" || child.where === "other") return child.due ? words.due.replace("#", child.due) : "";
  return [child.since ? time(child.since) : "", child.said].filter(Boolean).join(" ");
}

function how(child, body, words) {
  if (body.act === "arrive") return words.here;
  if (body.act === "guardian") return words.guardian;
  if (body.act === "leave") return words[body.way];
  const name = child.adults.find((each) => each.key === body.adult)?.name ?? body.other_name;
  return words.handed.replace("#", name);
}
