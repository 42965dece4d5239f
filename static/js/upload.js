"use strict";
// A file travels as soon as it is chosen, piece by piece, and goes on where it was cut off. Its
// first bytes go with its announcement, so that a small file on a quick line is one request.
// Without this file the form sends it in one go.
(() => {
  const words = document.getElementById("upload-words")?.dataset;
  const said = document.getElementById("upload-said");
  if (!words) return;
  const KB = 1024;
  const SMALLEST = 16 * KB;
  const USUAL = 64 * KB;
  // A line that is as quick as that carries nearly any file in one request. More would take longer
  // than the ten minutes that a proxy may hold a request, should the line become slow.
  const LARGEST = 8192 * KB;
  const PACE = "upload-piece";
  const OCTETS = { "Content-Type": "application/octet-stream" };
  const HEAD = KB;
  const SLOW = 4000;
  const QUICK = 1200;
  const LONGEST_PAUSE = 30000;

  const fill = (text, facts) => text.replace(/%\((\w+)\)s/g, (all, name) => facts[name] ?? all);
  const say = (text) => { said.textContent = text; };
  const pause = (time) => new Promise((go) => {
    const done = () => { clearTimeout(timer); window.removeEventListener("online", done); go(); };
    const timer = setTimeout(done, time);
    window.addEventListener("online", done);
  });
  const size = (bytes) => (bytes < KB * KB ? `${bytes && Math.max(1, Math.round(bytes / KB))} kB` : `${Math.round(bytes / KB / KB * 10) / 10} MB`);
  const make = (tag, look, text = "") => {
    const made = document.createElement(tag);
    made.className = look;
    made.textContent = text;
    return made;
  };
  const button = (text, look, act) => {
    const made = make("button", look, text);
    made.type = "button";
    made.addEventListener("click", act);
    return made;
  };

  // --- Talking to the portal ---------------------------------------------------------

  class Stopped extends Error {}

  const ask = async (url, { body, headers = {}, signal } = {}) => {
    const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
    const answer = await fetch(url, {
      method: body === undefined ? "GET" : "POST",
      body,
      signal,
      redirect: "manual",
      headers: { Accept: "application/json", "X-CSRFToken": token, ...headers },
    });
    if (answer.type === "opaqueredirect" || answer.status === 403) throw new Stopped(words.signedOut);
    if (answer.status >= 500) throw new TypeError(answer.statusText);
    if (answer.status === 404) throw new Stopped(words.failed);
    const told = await answer.json();
    return { http: answer.status, ...told };
  };

  // The same question until there is an answer; the pauses grow, and end when the line is back.
  const insist = async (upload, url, question) => {
    for (let wait = 1000; ; wait = Math.min(wait * 2, LONGEST_PAUSE)) {
      try {
        const told = await ask(url, { signal: upload.stop.signal, ...question?.() });
        upload.back();
        return told;
      } catch (fault) {
        if (fault instanceof Stopped || upload.stop.signal.aborted) throw fault;
        upload.cut();
        await pause(wait);
      }
    }
  };

  const base64 = (bytes) => btoa(String.fromCharCode(...bytes));
  const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const announce = async (file) => {
    const bytes = await file.arrayBuffer();
    const digest = globalThis.crypto?.subtle ? hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes))) : "";
    return { name: file.name, size: file.size, sha256: digest, head: base64(new Uint8Array(bytes, 0, Math.min(HEAD, bytes.byteLength))) };
  };

  // How large a piece this line carries in a moment, as the last file found it.
  const knownPace = () => {
    try { return Number(sessionStorage.getItem(PACE)) || USUAL; } catch { return USUAL; }
  };
  const keepPace = (piece) => {
    try { sessionStorage.setItem(PACE, piece); } catch { /* The next file begins as this one did. */ }
  };

  // --- One upload --------------------------------------------------------------------

  class Upload {
    constructor(form, files) {
      this.form = form;
      this.files = files;
      this.all = files.reduce((sum, file) => sum + file.size, 0);
      this.piece = knownPace();
      this.stop = new AbortController();
      this.isCut = false;
      this.url = "";
      this.show();
    }

    show() {
      this.box = make("div", "upload");
      this.bar = make("progress", "");
      this.bar.max = this.all;
      this.bar.setAttribute("aria-label", fill(words.begun, { name: this.files[0].name }));
      this.line = make("p", "upload-words", words.measure);
      this.box.append(make("p", "upload-name", this.files.map((file) => file.name).join(", ")), this.bar, this.line, button(words.cancel, "btn btn-secondary btn-sm", () => this.cancel()));
      this.form.hidden = true;
      this.form.after(this.box);
      this.box.querySelector("button").focus();
    }

    progress(bytes) {
      this.bar.value = bytes;
      if (!this.isCut) this.line.textContent = fill(words.part, { here: size(bytes), size: size(this.all) });
    }

    cut() {
      this.piece = Math.max(SMALLEST, this.piece / 2);
      if (this.isCut) return;
      this.isCut = true;
      this.line.textContent = words.cut;
      this.box.classList.add("upload-cut");
      say(words.cut);
    }

    back() {
      if (!this.isCut) return;
      this.isCut = false;
      this.box.classList.remove("upload-cut");
      say(words.back);
    }

    async run(sure) {
      try {
        const pieces = await Promise.all(this.files.map(announce));
        this.progress(0);
        const begun = await insist(this, this.form.dataset.upload, () => this.first(pieces, sure));
        if (begun.question) return this.question(begun.question);
        if (begun.http !== 201) return this.refused(begun.sentence);
        this.url = begun.url;
        if (begun.status !== "arriving") return this.arrived();
        say(fill(words.begun, { name: this.files.map((file) => file.name).join(", ") }));
        return await this.send(begun.got);
      } catch (fault) {
        if (this.stop.signal.aborted) return undefined;
        return fault.message === words.signedOut ? this.signedOut() : this.refused(fault instanceof Stopped ? fault.message : words.failed);
      }
    }

    // What is said of the files; with one file go as many of its bytes as the line carries well.
    first(pieces, sure) {
      const said = (told) => new URLSearchParams({ pieces: JSON.stringify(told), ...(sure ? { sure: "on" } : {}) });
      this.told = said(pieces);
      if (pieces.length > 1) return { body: this.told };
      const [{ head, ...told }] = pieces;
      return { body: this.files[0].slice(0, this.piece), headers: { ...OCTETS, "Upload-Announcement": said([told]).toString() } };
    }

    async send(got) {
      let before = 0;
      for (const [order, file] of this.files.entries()) {
        let offset = got[order];
        while (offset < file.size) {
          this.progress(before + offset);
          const told = await this.put(order, file, offset);
          if (told.sentence) return this.refused(told.sentence);
          if (told.status === "checking") return this.arrived();
          offset = told.offset;
        }
        before += file.size;
      }
      // All was here already, or the answer to the last piece was lost on the way.
      const done = await insist(this, `${this.url}finish/`, () => ({ body: "" }));
      return done.sentence ? this.refused(done.sentence) : this.arrived();
    }

    arrived() {
      this.progress(this.all);
      say(words.arrived);
      this.line.textContent = words.arrived;
      this.box.querySelector("button").remove();
      return watch(this.url, this.box);
    }

    // One piece; after a cut the portal says how much of it has come.
    async put(order, file, offset) {
      const piece = file.slice(offset, offset + this.piece);
      const isLast = order === this.files.length - 1 && offset + piece.size === file.size;
      const began = performance.now();
      try {
        const told = await ask(`${this.url}${order}/`, {
          body: piece,
          signal: this.stop.signal,
          headers: { ...OCTETS, "Upload-Offset": String(offset), "Upload-Complete": isLast ? "?1" : "?0" },
        });
        this.learn(performance.now() - began, piece.size);
        return told;
      } catch (fault) {
        if (fault instanceof Stopped || this.stop.signal.aborted) throw fault;
        this.cut();
        await pause(1000);
        const told = await insist(this, this.url);
        return { offset: told.got[order], sentence: told.sentence };
      }
    }

    // The small rest of a file is quick on any line, so it says nothing of a larger piece.
    learn(spent, sent) {
      if (spent < QUICK && sent === this.piece) this.piece = Math.min(LARGEST, this.piece * 2);
      if (spent > SLOW) this.piece = Math.max(SMALLEST, this.piece / 2);
      keepPace(this.piece);
    }

    question(text) {
      const box = make("div", "upload");
      box.setAttribute("role", "group");
      const asked = make("p", "upload-name", text);
      asked.tabIndex = -1;
      box.append(asked, button(words.yes, "btn btn-primary btn-sm", () => { box.remove(); start(this.form, this.files, true); }), button(words.no, "btn btn-secondary btn-sm", () => { box.remove(); this.again(); }));
      this.box.replaceWith(box);
      asked.focus();
    }

    again() {
      this.box.remove();
      this.form.hidden = false;
      const input = this.form.querySelector("input[type=file]");
      input.value = "";
      input.dispatchEvent(new Event("change", { bubbles: true }));
      input.focus();
      return input;
    }

    refused(sentence) {
      const input = this.again();
      const note = make("p", "field-error upload-refused", sentence || words.failed);
      note.id = "upload-refused";
      note.setAttribute("role", "alert");
      document.getElementById(note.id)?.remove();
      input.before(note);
      input.setAttribute("aria-invalid", "true");
      input.setAttribute("aria-describedby", note.id);
    }

    signedOut() {
      this.line.textContent = words.signedOut;
      say(words.signedOut);
      const link = make("a", "btn btn-primary btn-sm", words.signIn);
      link.href = location.pathname;
      this.box.querySelector("button").replaceWith(link);
      link.focus();
    }

    // What had come when the first request was stopped waits under an address that was never told.
    async end() {
      if (!this.url && this.told) {
        await pause(500);
        this.url = (await ask(this.form.dataset.upload, { body: this.told })).url;
      }
      if (this.url) await ask(`${this.url}cancel/`, { body: "" });
    }

    async cancel() {
      this.stop.abort();
      await this.end().catch(() => {});
      say(words.cancelled);
      this.again();
    }
  }

  const start = (form, files, sure = false) => {
    document.getElementById("upload-refused")?.remove();
    document.getElementById("arrival")?.remove();
    new Upload(form, files).run(sure);
  };

  // --- Waiting for the check -----------------------------------------------------------

  // Until what came of it is known, or `waiting` has left the page: another file is on its way then.
  const watch = async (url, waiting) => {
    for (let wait = 500; waiting.isConnected; wait = Math.min(wait * 1.5, 10000)) {
      await pause(wait);
      const told = await ask(url).catch((fault) => (fault instanceof Stopped ? { status: "" } : null));
      if (told && told.status !== "checking" && waiting.isConnected) return renew();
    }
    return undefined;
  };

  // The page as it is now takes the place of what it was; its first news gets the focus.
  const renew = async () => {
    const answer = await fetch(location.pathname).catch(() => null);
    if (!answer?.ok) return location.reload();
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    document.title = fresh.title;
    document.querySelector("main").replaceWith(document.adoptNode(fresh.querySelector("main")));
    const news = document.getElementById("arrival") ?? document.querySelector("main h1");
    news.tabIndex = -1;
    news.focus();
    say(document.querySelector("main .chip")?.textContent ?? "");
    return dress();
  };

  // --- Photos of pages -------------------------------------------------------------------

  class Pages {
    constructor(form, input) {
      this.form = form;
      this.input = input;
      this.files = [];
      this.box = make("div", "upload");
      this.box.setAttribute("role", "group");
      this.box.setAttribute("aria-label", words.pages);
      this.list = make("ol", "upload-pages");
      this.more = button(words.more, "btn btn-secondary btn-sm", () => this.input.click());
      const row = make("div", "actions");
      row.append(button(words.send, "btn btn-primary btn-sm", () => this.send()), this.more);
      this.box.append(make("p", "", words.hint), this.list, row);
      form.after(this.box);
    }

    add(files) {
      this.files.push(...files);
      this.draw();
      this.more.focus();
    }

    draw() {
      this.list.replaceChildren(...this.files.map((file, place) => this.page(file, place)));
    }

    page(file, place) {
      const line = make("li", "upload-page");
      const name = fill(words.page, { number: place + 1, name: file.name });
      const acts = [[words.up, place - 1], [words.down, place + 1]].filter(([, to]) => to in this.files).map(([text, to]) => this.act(text, name, () => this.move(place, to)));
      line.append(picture(file), make("span", "upload-page-name", name), ...acts, this.act(words.remove, name, () => this.remove(place)));
      return line;
    }

    act(text, name, does) {
      const made = button(text, "btn btn-link btn-sm", does);
      made.append(make("span", "visually-hidden", `: ${name}`));
      return made;
    }

    move(from, to) {
      this.files.splice(to, 0, ...this.files.splice(from, 1));
      this.draw();
      this.list.children[to].querySelector("button").focus();
    }

    remove(place) {
      this.files.splice(place, 1);
      if (!this.files.length) return this.close().focus();
      this.draw();
      return this.more.focus();
    }

    close() {
      this.box.remove();
      pages = null;
      this.form.hidden = false;
      return this.input;
    }

    send() {
      const files = this.files;
      this.close();
      start(this.form, files);
    }
  }

  const picture = (file) => {
    const canvas = make("canvas", "upload-picture");
    canvas.setAttribute("aria-hidden", "true");
    createImageBitmap(file, { resizeWidth: 120 }).then((seen) => {
      [canvas.width, canvas.height] = [seen.width, seen.height];
      canvas.getContext("2d").drawImage(seen, 0, 0);
    }).catch(() => {});
    return canvas;
  };

  // --- The page ----------------------------------------------------------------------------

  let pages = null;
  const isPhoto = (file) => ["image/jpeg", "image/png"].includes(file.type);

  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-upload]");
    const files = [...(event.target.files ?? [])];
    if (!form || !files.length) return;
    if (files.length === 1 && files[0].size > Number(event.target.dataset.maxBytes)) return;
    if (event.target.multiple && (pages || files.every(isPhoto))) {
      pages ??= new Pages(form, event.target);
      form.hidden = true;
      pages.add(files);
      event.target.value = "";
      return;
    }
    start(form, files);
  });

  // What only the press of the button would do has begun by itself.
  const dress = () => {
    const form = document.querySelector("form[data-upload]");
    for (const press of form?.querySelectorAll("[type=submit]") ?? []) press.hidden = true;
    const arrival = document.querySelector("[data-watch]");
    if (arrival) watch(arrival.dataset.watch, arrival);
  };
  dress();
})();
