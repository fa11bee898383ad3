// Lets a passkey sign what the page asks, puts the answer into the page's own form and sends it like any other form.
const form = document.querySelector("form[data-passkey]");
const button = form?.querySelector("[data-passkey-go]");
const said = form?.querySelector("[data-passkey-said]");

const bytesOf = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
const textOf = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");

function question() {
  const options = JSON.parse(form.dataset.options);
  options.challenge = bytesOf(options.challenge);
  if (options.user) options.user.id = bytesOf(options.user.id);
  for (const list of [options.excludeCredentials, options.allowCredentials]) {
    for (const each of list ?? []) each.id = bytesOf(each.id);
  }
  return { publicKey: options };
}

function answer(made) {
  const response = { clientDataJSON: textOf(made.response.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature"]) {
    if (made.response[name]) response[name] = textOf(made.response[name]);
  }
  const rawId = textOf(made.rawId);
  return JSON.stringify({ id: rawId, rawId, type: made.type, response, clientExtensionResults: {} });
}

async function ask() {
  said.textContent = form.dataset.waits;
  button.hidden = true;
  try {
    const asked = question();
    const made = form.dataset.passkey === "create"
      ? await navigator.credentials.create(asked)
      : await navigator.credentials.get(asked);
    form.elements.answer.value = answer(made);
    form.submit();
  } catch {
    said.textContent = form.dataset.failed;
    button.hidden = false;
    button.focus();
  }
}

if (form && window.PublicKeyCredential) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask();
  });
  ask();
} else if (form) {
  said.textContent = form.dataset.missing;
}
