"use strict";
// A team around one screen: while the levels have the focus, number keys count hands. Without
// this file the numbers are typed into their fields.
(() => {
  const steps = document.querySelector("[data-hands]");
  const words = document.querySelector("[data-keys]");
  if (!steps) return;
  const MOST = 99;
  const boxes = [...steps.querySelectorAll("input[type=number]")];
  const counted = [];
  const add = (box, step) => {
    box.value = Math.min(MOST, Math.max(0, Number(box.value) + step)) || "";
  };

  steps.tabIndex = 0;
  words.hidden = false;
  steps.addEventListener("keydown", (event) => {
    if (event.target !== steps || event.ctrlKey || event.altKey || event.metaKey) return;
    const box = boxes[Number(event.key) - 1];
    if (box) {
      add(box, 1);
      counted.push(box);
    } else if (event.key === "Backspace" && counted.length) {
      add(counted.pop(), -1);
      event.preventDefault();
    } else if (event.key === "Enter") {
      steps.closest("form").requestSubmit(steps.closest("form").querySelector("button"));
    }
  });
  if (!document.querySelector("#spread")) steps.focus({ preventScroll: true });
})();
