"use strict";
// Signing in works without this file; with it, passkeys do as well, and a password can be seen.
(() => {
  // What only a browser with passkeys can do is shown only there.
  if (window.PublicKeyCredential) {
    for (const part of document.querySelectorAll("[data-passkey]")) part.hidden = false;
  }
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    const problem = document.querySelector("[data-passkey-problem]");
    if (problem) problem.hidden = false;
  });

  const words = document.querySelector("[data-show-password]")?.dataset;
  for (const field of words ? document.querySelectorAll("input[type=password]") : []) {
    const label = document.createElement("label");
    const box = document.createElement("input");
    const say = document.createElement("span");
    label.className = "form-check show-password";
    box.type = "checkbox";
    box.className = "form-check-input";
    say.className = "form-check-label";
    say.textContent = words.showPassword;
    box.addEventListener("change", () => {
      field.type = box.checked ? "text" : "password";
    });
    field.form.addEventListener("submit", () => {
      field.type = "password";
    });
    label.append(box, say);
    field.after(label);
  }
})();
