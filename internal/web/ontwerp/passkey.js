// Asks the browser for a passkey and sends the answer with the form. The pages work without it: a code of an app
// or a recovery code does the same.
(() => {
  "use strict";
  const form = document.querySelector("form[data-passkey]");
  if (!form || !window.PublicKeyCredential) return;
  const bytes = (s) => Uint8Array.from(atob(s.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (b) => btoa(String.fromCharCode(...new Uint8Array(b))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const status = form.querySelector("[role=status]");
  const options = JSON.parse(form.dataset.passkey).publicKey;
  options.challenge = bytes(options.challenge);
  for (const list of [options.allowCredentials, options.excludeCredentials]) for (const c of list || []) c.id = bytes(c.id);
  if (options.user) options.user.id = bytes(options.user.id);
  const make = form.dataset.soort === "maken";
  form.hidden = false;
  form.addEventListener("submit", async (e) => {
    if (form.elements.passkey.value) return;
    e.preventDefault();
    status.textContent = form.dataset.bezig;
    try {
      const c = await (make ? navigator.credentials.create({ publicKey: options }) : navigator.credentials.get({ publicKey: options }));
      const response = { clientDataJSON: text(c.response.clientDataJSON) };
      if (make) {
        response.attestationObject = text(c.response.attestationObject);
        if (c.response.getTransports) response.transports = c.response.getTransports();
      } else {
        response.authenticatorData = text(c.response.authenticatorData);
        response.signature = text(c.response.signature);
        if (c.response.userHandle) response.userHandle = text(c.response.userHandle);
      }
      form.elements.passkey.value = JSON.stringify({ id: c.id, rawId: text(c.rawId), type: c.type, response });
      form.requestSubmit();
    } catch {
      status.textContent = form.dataset.mislukt;
    }
  });
})();
