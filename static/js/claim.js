// The square code on a printed slip carries the desk's code behind the #, which no browser sends anywhere.
const field = document.getElementById("claim_code");
const told = /^#code=([0-9A-Za-z-]{4,40})$/.exec(window.location.hash);
if (field && told) {
  field.value ||= told[1];
  window.history.replaceState(null, "", window.location.pathname + window.location.search);
}
