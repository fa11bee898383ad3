// On the page of a day with a connection: keeps its list sealed for when there is none, and sends what was stored.
import { Contact } from "../checkin/contact.js";
import * as outbox from "../checkin/outbox.js";
import { flush } from "../checkin/sending.js";
import * as snapshots from "../checkin/snapshot.js";
import { keepForGood } from "../checkin/store.js";
import { Unsent } from "../checkin/unsent.js";
import { Late } from "./late.js";

const AGAIN = 60_000; // ms after which the list is kept anew

export const keyOf = (day) => `children-${day}`;

export async function refresh(day, unsent) {
  const answer = await fetch(`/classroom/day/snapshot?date=${day}`, {
    cache: "no-store", redirect: "manual", signal: AbortSignal.timeout(10_000),
    headers: { Accept: "application/json", "X-Unsent": String(unsent) },
  });
  if (answer.status === 404 || answer.status === 403) await snapshots.wipe();
  if (!answer.ok) return null;
  const snapshot = await answer.json();
  await snapshots.keep(keyOf(day), snapshot);
  await navigator.serviceWorker?.ready;
  return snapshot;
}

class Kept {
  constructor(root) {
    this.root = root;
    this.day = root.dataset.keptDay;
    this.items = [];
    this.contact = new Contact({ address: "/checkin/ping", unsent: () => this.items.length, heard: (state, isNew) => this.hear(state, isNew) });
    this.unsent = new Unsent(root.querySelector("[data-unsent]"), this.contact);
    this.late = new Late(root.querySelector("[data-late]"), {
      nameOf: (id) => document.querySelector(`#c${id} .kid__name`)?.textContent,
      time: (moment) => new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(new Date(moment)),
    });
  }

  async begin() {
    outbox.listen((news) => this.learn(news));
    for (const sign of ["online", "focus", "pageshow"]) addEventListener(sign, () => this.contact.hope());
    await Promise.all([this.contact.begin(), this.reload()]);
    await this.contact.ask();
    snapshots.clearOld(this.contact.now()).catch(() => {});
  }

  async reload() {
    this.items = await outbox.all().catch(() => []);
    outbox.mark(this.items.length);
    this.unsent.show(this.items);
    await this.late.draw();
  }

  hear(state, isNew) {
    this.root.dataset.contact = state;
    this.unsent.show(this.items);
    if (state === "signed_out") snapshots.wipe().catch(() => {});
    if (state !== "online") return;
    if (isNew) {
      keepForGood();
      navigator.serviceWorker?.controller?.postMessage("refresh");
    }
    flush(this.contact);
    if (isNew || performance.now() - (this.keptAt ?? -Infinity) > AGAIN) this.keep();
  }

  async keep() {
    this.keptAt = performance.now();
    try {
      if (await refresh(this.day, this.items.length)) this.root.dataset.kept = "";
    } catch {
      // the list from before stands
    }
  }

  async learn(news) {
    await this.reload();
    if (news.type === "answers" && !this.items.length) location.reload(); // what was stored is on the site's own page now
  }
}

const root = document.querySelector("[data-kept-day]");
if (root && isSecureContext && "indexedDB" in window) {
  if ("serviceWorker" in navigator) navigator.serviceWorker.register("/classroom/worker.js", { scope: "/classroom/" }).catch(() => {});
  new Kept(root).begin();
}
