// The page of a device that has ended while it still holds something: the list goes at once, what is unsent is sent, and
// once nothing is left the device is told to forget everything.
import { Contact } from "./contact.js";
import * as outbox from "./outbox.js";
import { flush } from "./sending.js";
import * as snapshots from "./snapshot.js";
import { Unsent } from "./unsent.js";

let items = [];
const contact = new Contact({ address: "/checkin/ping", unsent: () => Math.max(items.length, 1), heard: () => unsent.show(items) });
const unsent = new Unsent(document.querySelector("[data-unsent]"), contact);

async function reload() {
  items = await outbox.all();
  outbox.mark(items.length);
  unsent.show(items);
  if (items.length) return;
  await fetch("/checkin/ping", { cache: "no-store", headers: { "X-Unsent": "0" } });
  location.replace("/checkin");
}

outbox.listen(() => { reload(); });
await snapshots.wipe();
await contact.begin();
await reload();
if (items.length) {
  await contact.hope();
  await flush(contact);
  await reload();
}
