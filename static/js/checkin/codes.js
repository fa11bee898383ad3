// What is scanned or typed at check-in, read as center/attendance/codes.py reads it; tests hold the two together.
const LONGEST = 64;
const LONGEST_ADDRESS = 256;
const LOOKS_LIKE = { 0: "O", 1: "I", 8: "B" }; // no card has these digits: they are letters that were misread
const CARD = /^(?:QH1:?)?([A-Z0-8]{26})$/i;
const REFERENCE = /^[23456789ABCDEFGHJKMNPQRSTUVWXYZ]{8}$/i;
const ADDRESS = /^https?:\/\/([a-z0-9.:[\]-]+)\/(?:[^?#\s]*\/)?([a-z0-9-]+)\/?(?:[?#]\S*)?$/i;
const SEPARATORS = /[ \t\r\n\u2010-\u2015\u2212-]/g;

// Full-width letters and digits become plain ones; what has no width goes.
export function plain(text) {
  return text.replace(/\p{Cf}/gu, "").normalize("NFKC").replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, "");
}

// {kind: "card", code} or {kind: "sign_up", reference} or {kind: "unknown"}. `hosts` are the names of this site.
export function readCode(text, hosts = [location.host]) {
  if (text.length > 2 * LONGEST_ADDRESS || [...text].length > LONGEST_ADDRESS) return { kind: "unknown" };
  const read = plain(text);
  const address = ADDRESS.exec(read);
  if (address) {
    const isOurs = hosts.some((host) => host.toLowerCase() === address[1].toLowerCase());
    return isOurs ? reference(address[2].replace(SEPARATORS, "")) : { kind: "unknown" };
  }
  if ([...read].length > LONGEST) return { kind: "unknown" };
  const letters = read.replace(SEPARATORS, "");
  const card = CARD.exec(letters);
  if (card) return { kind: "card", code: card[1].toUpperCase().replace(/[018]/g, (digit) => LOOKS_LIKE[digit]) };
  return reference(letters);
}

// The short form of what was read, to be sent to the site: never longer than a typed code may be.
export function written(code) {
  return code.kind === "card" ? `QH1:${code.code}` : (code.reference ?? "");
}

function reference(letters) {
  if (!REFERENCE.test(letters)) return { kind: "unknown" };
  const capitals = letters.toUpperCase();
  return { kind: "sign_up", reference: `${capitals.slice(0, 4)}-${capitals.slice(4)}` };
}
