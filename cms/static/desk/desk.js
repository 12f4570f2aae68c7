/* Desks: the keys of the workbench.  Everything works without. */
(() => {
  "use strict";
  const error = document.getElementById("error");
  if (error) error.focus();

  // What was typed and not sent is not lost by a wrong click.
  for (const form of document.querySelectorAll("form[data-guard]")) {
    let dirty = false;
    form.addEventListener("input", () => { dirty = true; });
    form.addEventListener("submit", () => { dirty = false; });
    addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });
  }

  const list = document.querySelector("[data-keys]");
  const help = document.getElementById("keys");
  const rows = list ? [...list.querySelectorAll("[data-row]")] : [];
  let at = -1;
  const go = (to) => {
    if (!rows.length) return;
    if (rows[at]) rows[at].classList.remove("is-here");
    at = Math.max(0, Math.min(rows.length - 1, to));
    rows[at].classList.add("is-here");
    rows[at].focus({ preventScroll: true });
    rows[at].scrollIntoView({ block: "nearest" });
  };
  rows.forEach((row, n) => row.addEventListener("focusin", () => {
    if (rows[at]) rows[at].classList.remove("is-here");
    at = n;
    row.classList.add("is-here");
  }));
  // Back where one was after marking evidence.
  const before = rows.findIndex((row) => `#${row.id}` === location.hash);
  if (before >= 0) go(before);
  const press = (selector, scope) => {
    const button = (scope || document).querySelector(selector);
    if (button) button.click();
  };
  const keys = {
    j: () => go(at + 1),
    k: () => go(at - 1),
    x: () => rows[at] && press("input[type=checkbox]", rows[at]),
    e: () => rows[at] && press("[data-key=e]", rows[at]),
    c: () => rows[at] && press("[data-key=c]", rows[at]),
    a: () => press("[data-key=a]"),
    u: () => press("[data-key=u]"),
    m: () => {
      const box = rows[at] && rows[at].querySelector("input[type=checkbox]");
      if (box && !list.querySelector("input[type=checkbox]:checked")) box.checked = true;
      const target = (rows[at] && rows[at].querySelector("[data-key=m]")) || document.querySelector("[data-key=m]");
      if (target) target.focus();
    },
    "/": () => { const box = document.querySelector("[data-key=search]"); if (box) box.focus(); },
    "?": () => help && (help.open ? help.close() : help.showModal()),
  };
  // Single keys can be turned off (WCAG 2.1.4): remembered in this browser alone.
  const off = document.querySelector("[data-keys-off]");
  const isOff = () => { try { return localStorage.getItem("desk-keys") === "off"; } catch (_) { return false; } };
  if (off) {
    off.checked = isOff();
    off.addEventListener("change", () => {
      try { localStorage.setItem("desk-keys", off.checked ? "off" : "on"); } catch (_) { /* private window */ }
    });
  }
  document.addEventListener("keydown", (event) => {
    if (!list || isOff() || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]")) return;
    // Thai keyboards: the same key, whatever letter it writes.
    const byCode = { KeyJ: "j", KeyK: "k", KeyX: "x", KeyE: "e", KeyA: "a", KeyU: "u", KeyM: "m", KeyC: "c" };
    const act = keys[event.key] || (!event.shiftKey && keys[byCode[event.code]]);
    if (act) { event.preventDefault(); act(); }
  });
  for (const button of document.querySelectorAll("[data-open=keys]")) {
    button.hidden = false;
    button.addEventListener("click", keys["?"]);
  }
})();
