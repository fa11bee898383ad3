// Nobody is signed in any more, and something waits to be sent: that stays, but no list of names does.
import * as snapshots from "./snapshot.js";

await snapshots.wipe();
document.documentElement.dataset.lists = "0";
