/* Coding by digits: type a theme's number, then Enter.  Arrows and Tab work without. */
(() => {
  "use strict";
  const form = document.querySelector("[data-audit]");
  if (!form) return;
  const told = form.querySelector("[data-digits]");
  if (told) told.hidden = false;
  let typed = "";
  let last = 0;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    // Thai keyboards write other letters with the same keys.
    const digit = /^(?:Digit|Numpad)([0-9])$/.exec(event.code);
    if (!digit) return;
    typed = event.timeStamp - last < 900 ? typed + digit[1] : digit[1];
    last = event.timeStamp;
    const choice = form.querySelector(`input[name=code][value="t${Number(typed)}"]`);
    if (choice && !choice.disabled) { choice.checked = true; choice.focus(); event.preventDefault(); }
  });
})();
