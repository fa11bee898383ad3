// Keeps the page of the day's children for when there is no connection: the page with nobody on it, and its files. Whoever
// stands on it comes from the sealed list. What all such pages have in common stands before this (`kept-page-worker.js`).
const DAY = /^\/classroom\/day(\/\d+)?$/;
const PATIENCE = 3_000;

// A form that could not be sent ends on the kept page as well: what it said was not taken, and is said again there. It is
// waited for as long as it takes, so that nothing is sent twice.
answerHere((request, pathname) =>
  DAY.test(pathname) && siteOrKept(request, { patience: request.method === "GET" ? PATIENCE : 0, broken: 502 }));
