"use strict";
// Every page works without this file; it only makes some things quicker and safer.
(() => {
  const said = document.getElementById("words")?.dataset ?? {};
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

  // The reader's clock: told to the server for the next page, shown here on this one.
  if (zone && !document.cookie.split("; ").includes(`zone=${zone}`)) {
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `zone=${zone}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
  }
  const shapes = {
    full: { day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
    short: { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
    exact: { day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" },
    date: { day: "numeric", month: "long", year: "numeric" },
    time: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  };
  const language = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang;
  for (const time of document.querySelectorAll("time[data-moment]:not([data-known])")) {
    const at = new Date(time.dateTime);
    const there = /([+-])(\d\d):(\d\d)$/.exec(time.dateTime);
    const distance = there ? Number(`${there[1]}1`) * (Number(there[2]) * 60 + Number(there[3])) : 0;
    if (!zone || distance === -at.getTimezoneOffset()) continue;
    const words = new Intl.DateTimeFormat(language, shapes[time.dataset.moment]).format(at).replace(" at ", ", ");
    const parts = new Intl.DateTimeFormat(language, { timeZoneName: "long" }).formatToParts(at);
    const place = parts.find((part) => part.type === "timeZoneName").value;
    const own = document.createElement("span");
    own.className = "moment-own";
    own.textContent = `${said.own} ${words} (${place})`;
    time.after(" ", own);
  }

  // What has to be mended is read first.
  document.querySelector("[data-error-summary]")?.focus();

  // A file that is too large is refused before it travels.
  const KB = 1024;
  const MB = KB * KB;
  const short = (number) => String(Math.round(number * 10) / 10);
  const size = (bytes) => (bytes < MB ? `${Math.max(1, Math.round(bytes / KB))} kB` : `${short(bytes / MB)} MB`);
  const weigh = (input) => {
    const file = input.files[0];
    const limit = Number(input.dataset.maxBytes) || Infinity;
    let note = document.getElementById(`${input.id}_note`);
    if (!note) {
      note = document.createElement("p");
      note.id = `${input.id}_note`;
      note.setAttribute("role", "status");
      input.after(note);
      input.setAttribute("aria-describedby", `${input.getAttribute("aria-describedby") ?? ""} ${note.id}`.trim());
    }
    const large = Boolean(file) && file.size > limit;
    const refusal = large ? said.large.replace("%(name)s", () => file.name).replace("%(size)s", size(file.size)).replace("%(limit)s", size(limit)) : "";
    note.className = large ? "field-error control-note" : "control-note";
    note.textContent = large ? refusal : file ? `${file.name}, ${size(file.size)}` : "";
    input.classList.toggle("is-invalid", large);
    input.toggleAttribute("aria-invalid", large);
    if (large) input.setAttribute("aria-invalid", "true");
    return !large;
  };
  document.addEventListener("change", (event) => {
    if (event.target.matches("input[type=file][data-max-bytes]")) weigh(event.target);
  });

  // Words that were typed are not lost by a wrong click.
  let typed = false;
  document.addEventListener("input", (event) => {
    if (event.target.closest("form[data-guard]")) typed = true;
  });
  window.addEventListener("beforeunload", (event) => {
    if (typed) event.preventDefault();
  });

  // A press that cannot be taken back asks first.
  const ask = (button) => {
    const dialog = document.createElement("dialog");
    const question = document.createElement("p");
    const row = document.createElement("div");
    question.id = "question";
    question.textContent = button.dataset.confirm;
    dialog.setAttribute("aria-labelledby", question.id);
    row.className = "actions";
    for (const [words, look, yes] of [[button.dataset.yes || said.yes, "btn btn-danger", true], [said.no, "btn btn-secondary", false]]) {
      const choice = document.createElement("button");
      choice.type = "button";
      choice.className = look;
      choice.textContent = words;
      choice.autofocus = !yes;
      choice.addEventListener("click", () => {
        dialog.close();
        if (!yes) return;
        button.dataset.asked = "";
        button.form.requestSubmit(button);
        delete button.dataset.asked;
      });
      row.append(choice);
    }
    dialog.append(question, row);
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
  };

  // Whoever signs out leaves no words on this device; that never takes long.
  const forget = () => new Promise((done) => {
    setTimeout(done, 1000);
    const asked = indexedDB.deleteDatabase("words");
    asked.onsuccess = asked.onerror = done;
  }).catch(() => {});

  // One press, one answer.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const button = event.submitter;
    if ("signOut" in form.dataset && !("forgotten" in form.dataset)) {
      event.preventDefault();
      form.dataset.forgotten = "";
      forget().then(() => form.requestSubmit(button));
      return;
    }
    if (button?.dataset.confirm && !("asked" in button.dataset)) {
      event.preventDefault();
      ask(button);
      return;
    }
    const heavy = [...form.querySelectorAll("input[type=file][data-max-bytes]")].filter((input) => !weigh(input));
    if (heavy.length) {
      event.preventDefault();
      heavy[0].focus();
      return;
    }
    if ("busy" in form.dataset) {
      event.preventDefault();
      return;
    }
    typed = typed && !form.matches("[data-guard]");
    if (form.method !== "post" || "repeat" in form.dataset) return;
    form.dataset.busy = "";
    form.setAttribute("aria-busy", "true");
    button?.setAttribute("aria-disabled", "true");
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-busy]")) {
      delete form.dataset.busy;
      form.removeAttribute("aria-busy");
      form.querySelectorAll("[aria-disabled]").forEach((button) => button.removeAttribute("aria-disabled"));
    }
  });

  // An open menu closes by Escape and by a press elsewhere.
  for (const kind of ["keydown", "click"]) {
    document.addEventListener(kind, (event) => {
      const menu = document.querySelector("details[data-menu][open]");
      if (!menu || (kind === "keydown" ? event.key !== "Escape" : menu.contains(event.target))) return;
      menu.open = false;
      if (kind === "keydown") menu.querySelector("summary").focus();
    });
  }
})();
