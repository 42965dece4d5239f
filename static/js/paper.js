"use strict";
// What is being prepared is looked for again every two seconds; without this file a link does it.
(() => {
  const PAUSE = 2000;
  const MOST = 60;
  let looked = 0;
  const look = async () => {
    const here = document.querySelector("[data-paper]:has([data-waiting])");
    if (!here || (looked += 1) > MOST) return;
    try {
      const answer = await fetch(location.pathname, { headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const there = page.querySelector(`[data-paper="${here.dataset.paper}"]`);
      if (answer.ok && there && !there.querySelector("[data-waiting]")) here.replaceChildren(...there.childNodes);
    } catch {
      // The line is gone for a moment: the next look tries again.
    }
    setTimeout(look, PAUSE);
  };
  setTimeout(look, PAUSE);
})();
