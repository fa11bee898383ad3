// What a device keeps in the browser: what was not sent yet (`outbox`), a few facts (`meta`), the sealed list of a
// session (`snapshots`) and the key that opens it (`keys`). Phones close such a database whenever they like: it is
// opened again, and what was asked of it is asked once more.
//
//   await withStore((db) => db.get("meta", "offset"))
import { openDB } from "../../vendor/idb/index.js";

const NAME = "checkin";
const VERSION = 1;
let opening = null;

function open() {
  const mine = openDB(NAME, VERSION, {
    upgrade(db) {
      db.createObjectStore("outbox", { keyPath: "nonce" });
      for (const each of ["meta", "snapshots", "keys"]) db.createObjectStore(each);
    },
    blocking(_mine, _wanted, event) {
      event.target.close();
      if (opening === mine) opening = null;
    },
    terminated() {
      if (opening === mine) opening = null;
    },
  });
  mine.catch(() => { if (opening === mine) opening = null; });
  return mine;
}

export async function withStore(work) {
  opening ??= open();
  try {
    return await work(await opening);
  } catch {
    opening?.then((db) => db.close(), () => {});
    opening = open();
    return work(await opening);
  }
}

// Ask the browser not to clear this away when space runs short. Some ask whoever holds the device.
export async function keepForGood() {
  try {
    return (await navigator.storage.persisted()) || (await navigator.storage.persist());
  } catch {
    return false;
  }
}
