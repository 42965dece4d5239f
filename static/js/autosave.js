"use strict";
// Saves what is typed while it is typed. Without this file the button below the form does it.
(() => {
  const bar = document.getElementById("autosave");
  const form = document.querySelector("main form[data-guard]");
  if (!bar || !form) return;
  const said = bar.dataset;
  const [line, way] = [bar.querySelector("[data-line]"), bar.querySelector("[data-way]")];
  const spoken = document.getElementById("autosave-spoken");
  const shared = document.getElementById("autosave-shared");
  const language = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang;
  const clock = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const at = (moment) => clock.format(new Date(moment));
  const same = (one, other) => Boolean(one && other) && one.length === other.length && one.every((word, place) => word === other[place]);
  const put = (sentence, facts) => Object.entries(facts).reduce((text, [name, fact]) => text.replace(`%(${name})s`, () => fact), sentence);
  const make = (tag, look, text = "") => Object.assign(document.createElement(tag), { className: look, textContent: text });

  const IDLE = 2000;
  const LONGEST_PAUSE = 60_000;
  const WAIT_FOR_ANSWER = 5000;
  // What a browser carries on sending when its page has gone.
  const CARRIED = 60_000;

  // --- The questions of the page ---------------------------------------------------------
  // base: the mark of what the page was made from. stored: the words that the portal is known to
  // have. refused: words that it cannot keep. sent: words on their way, whatever became of them.
  class Question {
    constructor(name, { label, controls }, base) {
      Object.assign(this, { name, label, controls, base, why: "", conflict: null, waits: false });
      this.boxes = [...form.elements].filter((box) => controls.includes(box.name));
      this.stored = this.read((box) => box.defaultChecked, (box) => (box.options ? [...box.options].find((each) => each.defaultSelected)?.value ?? "" : box.defaultValue));
    }

    read(isChosen, wordsOf) {
      return this.controls.map((name) => {
        const boxes = this.boxes.filter((box) => box.name === name);
        const box = boxes[0].type === "radio" ? boxes.find(isChosen) : boxes[0];
        return box ? (box.type === "radio" ? box.value : wordsOf(box)) : "";
      });
    }

    get words() {
      return this.read((box) => box.checked, (box) => box.value);
    }

    set words(words) {
      for (const box of this.boxes) {
        const word = words[this.controls.indexOf(box.name)];
        if (box.type === "radio") box.checked = box.value === word;
        else box.value = word;
      }
      this.conflict?.show();
    }

    // The words as they are read on the page: of a choice, what stands beside it.
    legible(words) {
      const spell = (word, place) => {
        const box = this.boxes.find((each) => each.name === this.controls[place] && (each.type !== "radio" || each.value === word));
        if (box?.type === "radio") return box.labels[0].textContent.replace(/\s+/g, " ").trim();
        return box?.options ? [...box.options].find((each) => each.value === word)?.text ?? word : word;
      };
      return words.map((word, place) => (word ? spell(word, place) : "")).join(" ").trim() || said.empty;
    }

    get isUnsaved() {
      return !same(this.words, this.stored);
    }

    get isDue() {
      return this.isUnsaved && !this.conflict && !this.waits && !same(this.words, this.refused);
    }
  }

  const places = Object.entries(JSON.parse(said.places));
  const seen = form.elements.seen;
  const bases = seen.value.split(".");
  const questions = new Map(places.map(([name, place], number) => [name, new Question(name, place, bases[number] ?? "")]));
  const all = [...questions.values()];
  if ("unsaved" in said) for (const question of all) question.stored = null;
  for (const name of said.conflicts.split(" ").filter(Boolean)) questions.get(name).waits = true;
  const unsaved = () => all.filter((question) => question.isUnsaved);
  const noteBases = () => {
    seen.value = all.map((question) => question.base).join(".");
  };

  // --- What the line says ----------------------------------------------------------------
  let heard = "";
  const show = (state, text) => {
    bar.dataset.state = state;
    line.textContent = text;
    way.hidden = state !== "out";
    // Read aloud is what is new, and not every saving.
    if (state === "saving" || state === heard) return;
    [heard, spoken.textContent] = [state, text];
  };
  const showSaved = (moment) => {
    const clashes = all.filter((question) => question.conflict);
    const begun = all.filter((question) => question.why && !question.conflict);
    const names = (some) => some.map((question) => `“${question.label}”`).join(", ");
    if (clashes.length) return show("failed", put(said.clash, { questions: names(clashes) }));
    const refused = unsaved().find((question) => same(question.words, question.refused));
    if (refused) return show("failed", `“${refused.label}”: ${refused.why}`);
    const rest = begun.length ? ` ${put(said.begun, { questions: names(begun) })}` : "";
    return show("saved", put(said.saved, { time: at(moment) }) + rest);
  };

  // --- The copy on this device -----------------------------------------------------------
  // In a database of the browser's: what is put there is on the disk at once. What is put into
  // localStorage may wait for a minute, and is lost when the browser is killed meanwhile.
  let device = null;
  const opened = () => new Promise((done, fail) => {
    const asked = indexedDB.open("words", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("words");
    asked.onerror = fail;
    asked.onsuccess = () => {
      // Whoever signs out deletes it.
      asked.result.onversionchange = () => {
        asked.result.close();
        device = null;
      };
      done(asked.result);
    };
  });
  const onDevice = async (mode, act) => {
    try {
      const database = await (device ??= opened());
      return await new Promise((done, fail) => {
        const asked = act(database.transaction("words", mode).objectStore("words"));
        asked.onerror = fail;
        asked.onsuccess = () => done(asked.result);
      });
    } catch {
      // A browser that keeps nothing: the words are in the fields.
      device = null;
      return null;
    }
  };
  const remember = () => {
    const isLeft = shared.checked || document.querySelector("form[data-forgotten]");
    const open = isLeft ? [] : unsaved();
    const words = Object.fromEntries(open.map((one) => [one.name, { words: one.words, base: one.base, sent: one.sent }]));
    onDevice("readwrite", (store) => (open.length ? store.put({ at: Date.now(), words }, said.key) : store.delete(said.key)));
  };
  const bringBack = async () => {
    const copy = shared.checked ? null : await onDevice("readonly", (store) => store.get(said.key));
    let found = false;
    for (const [name, kept] of Object.entries(copy?.words ?? {})) {
      const question = questions.get(name);
      if (!question || same(kept.words, question.words)) continue;
      const theirs = question.words;
      const isSince = kept.base !== question.base && !same(kept.sent, theirs);
      question.words = kept.words;
      if (isSince) clash(question, { controls: theirs, mark: question.base });
      found = true;
    }
    if (found) {
      const note = make("div", "banner");
      note.append(make("p", "", put(said.found, { time: at(copy.at) })));
      form.before(note);
      spoken.textContent = note.textContent;
    }
    remember();
  };
  shared.checked = document.cookie.split("; ").includes("shared=1");
  shared.addEventListener("change", () => {
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `shared=1; Path=/; SameSite=Lax${secure}${shared.checked ? "" : "; Max-Age=0"}`;
    remember();
  });

  // --- Mine or theirs --------------------------------------------------------------------
  const clash = (question, { controls, mark }) => {
    question.conflict?.box.remove();
    const box = make("div", "clash");
    const title = make("p", "clash-title", said.clashTitle);
    const texts = make("dl", "clash-texts");
    const row = make("div", "actions");
    const mine = make("dd", "");
    title.id = `clash_${question.name}`;
    box.setAttribute("role", "group");
    box.setAttribute("aria-labelledby", title.id);
    for (const [term, text] of [[said.mine, mine], [said.theirs, make("dd", "", question.legible(controls))]]) {
      const pair = make("div", "");
      pair.append(make("dt", "", term), text);
      texts.append(pair);
    }
    const end = (choose) => () => {
      box.remove();
      [question.conflict, question.base] = [null, mark];
      choose();
      noteBases();
      remember();
      question.boxes[0].focus();
      if (!all.some((each) => each.conflict)) show("idle", address ? said.idle : said.sent);
      save();
    };
    const keep = end(() => {
      question.stored = null;
    });
    const take = end(() => {
      question.words = controls;
      question.stored = controls;
    });
    for (const [words, act] of [[said.keep, keep], [said.take, take]]) {
      const button = make("button", "btn btn-secondary", words);
      button.type = "button";
      button.setAttribute("aria-describedby", title.id);
      button.addEventListener("click", act);
      row.append(button);
    }
    question.conflict = {
      box,
      show: () => {
        mine.textContent = question.legible(question.words);
      },
    };
    question.conflict.show();
    box.append(title, texts, row);
    question.boxes[0].closest(".field").append(box);
  };

  // --- Saving ----------------------------------------------------------------------------
  const address = said.address;
  let token = form.elements.csrfmiddlewaretoken.value;
  let going = false;
  let ended = false;
  let absent = false;
  let wrote = false;
  let pause = 0;
  let timer = 0;
  let sending = null;
  let underWay = null;

  // The same words again until it is known what became of them; what was typed since comes after.
  const parcel = () => {
    sending ??= new Map(all.filter((question) => question.isDue).map((question) => [question, question.words]));
    for (const [question, words] of sending) question.sent = words;
    const body = new URLSearchParams({ seen: seen.value });
    for (const [question, words] of sending) {
      body.append("changed", question.name);
      question.controls.forEach((control, place) => body.append(control, words[place]));
    }
    return body;
  };
  const ask = (method, body) => {
    const text = body?.toString();
    const headers = { Accept: "application/json", "X-CSRFToken": token };
    if (text) headers["Content-Type"] = "application/x-www-form-urlencoded";
    return fetch(address, { method, headers, body: text, keepalive: (text?.length ?? 0) < CARRIED });
  };
  const later = (wait) => {
    clearTimeout(timer);
    timer = setTimeout(save, wait);
  };
  const again = (state, text) => {
    pause = Math.min(LONGEST_PAUSE, pause * 2 || IDLE);
    show(state, text);
    later(pause);
  };
  const stop = (sentence) => {
    ended = true;
    sending = null;
    show("failed", put(said.failed, { why: sentence }));
  };
  const settle = ({ at: moment, questions: news }) => {
    for (const [name, { fate, mark, why, controls }] of Object.entries(news)) {
      const question = questions.get(name);
      const sent = sending?.get(question);
      question.why = why ?? "";
      if (fate === "same" || fate === "taken") {
        Object.assign(question, { base: mark, stored: sent, sent: null });
        wrote = true;
      } else if (fate === "conflict") {
        clash(question, { controls, mark });
      } else if (fate === "refused") {
        question.refused = sent;
      } else if (same(question.words, sent ?? question.stored)) {
        Object.assign(question, { base: mark, stored: controls, words: controls });
      }
    }
    [sending, pause] = [null, 0];
    noteBases();
    remember();
    showSaved(moment);
    if (all.some((question) => question.isDue)) later(IDLE);
  };
  const heed = async (answer, body) => {
    const isJson = answer.headers.get("Content-Type")?.startsWith("application/json");
    const told = isJson ? await answer.json() : null;
    if (answer.ok && told?.questions) return settle(told);
    if (answer.status === 401) return leaveOut("out", said.out);
    if (answer.status === 403 && body && (await renew())) return heed(await ask("POST", body));
    if (absent) return null;
    if (answer.status === 404) return leaveOut("other", said.other);
    if (answer.status === 409) return stop(told?.sentence ?? said.anew);
    if (answer.status === 400 || answer.status === 413) return stop(said.large);
    return again("failed", put(said.failed, { why: said.busy }));
  };
  const post = async (body) => {
    show("saving", said.saving);
    try {
      await heed(await ask("POST", body), body);
    } catch {
      again("offline", shared.checked ? said.offlineShared : said.offline);
    }
  };
  const save = async ({ leaving = false } = {}) => {
    clearTimeout(timer);
    if (!address || ended || absent || going || underWay) return;
    const body = parcel();
    if (leaving && (wrote || sending.size)) body.append("leaving", "1");
    else if (!sending.size) {
      sending = null;
      return;
    }
    underWay = post(body);
    await underWay;
    underWay = null;
  };

  // --- Who is there ----------------------------------------------------------------------
  // Signed out, the words stay on the page; somebody else does not see them.
  const leaveOut = (state, text) => {
    absent = true;
    form.hidden = state === "other";
    show(state, text);
    remember();
  };
  const renew = async () => {
    const answer = await ask("GET");
    if (answer.status === 401) leaveOut("out", said.out);
    if (answer.status === 403 || answer.status === 404) leaveOut("other", said.other);
    if (!answer.ok) return false;
    ({ token } = await answer.json());
    for (const box of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) box.value = token;
    [absent, form.hidden] = [false, false];
    return true;
  };
  const comeBack = async () => {
    if (!address || underWay) return;
    const was = absent;
    const isHere = await renew().catch(() => false);
    if (was && isHere) show("idle", said.back);
    if (isHere) save();
  };

  // --- When ------------------------------------------------------------------------------
  form.addEventListener("input", ({ target }) => {
    const question = all.find(({ boxes }) => boxes.includes(target));
    if (!question) return;
    question.waits = false;
    question.conflict?.show();
    remember();
    if (address && !pause) later(IDLE);
  });
  form.addEventListener("change", () => pause || save());
  window.addEventListener("online", () => {
    pause = 0;
    save();
  });
  window.addEventListener("focus", () => absent && comeBack());
  document.addEventListener("visibilitychange", () => (document.hidden ? save() : comeBack()));
  window.addEventListener("pagehide", () => save({ leaving: true }));
  window.addEventListener("pageshow", () => {
    going = false;
  });
  window.addEventListener("beforeunload", (event) => {
    if (going || !unsaved().length) return;
    save({ leaving: true });
    const isOnItsWay = underWay && !pause && !shared.checked && unsaved().every((question) => sending?.has(question));
    if (!isOnItsWay) event.preventDefault();
  });
  // The button waits for what is on its way, so that nobody overtakes themselves.
  form.addEventListener("submit", (event) => {
    if (going) return;
    if (!address || ended || absent || !(underWay || unsaved().length)) {
      going = true;
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    const patience = new Promise((done) => setTimeout(done, WAIT_FOR_ANSWER));
    Promise.race([Promise.resolve(underWay).then(() => save()), patience]).then(() => {
      going = true;
      form.requestSubmit(event.submitter);
    });
  });

  form.removeAttribute("data-guard");
  for (const part of document.querySelectorAll("[data-with-autosave]")) part.hidden = false;
  show("idle", address ? said.idle : said.sent);
  bringBack().then(save);
})();
