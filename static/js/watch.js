"use strict";
// A page that waits for the worker shows by itself what came of it. Without this file the page
// says how to look again.
(() => {
  const waiting = document.querySelector("[data-watch]");
  if (!waiting) return;
  const FIRST = 1000;
  const LONGEST = 8000;
  let pause = FIRST;

  const look = async () => {
    try {
      const answer = await fetch(waiting.dataset.watch, { headers: { Accept: "application/json" } });
      const told = answer.ok ? await answer.json() : {};
      if (told.is_done || answer.redirected || [401, 403, 404].includes(answer.status)) {
        location.replace(location.pathname + location.search);
        return;
      }
    } catch {
      // The line is gone for a moment; the next look may find it again.
    }
    pause = Math.min(pause * 1.3, LONGEST);
    setTimeout(look, pause);
  };
  setTimeout(look, pause);
})();
