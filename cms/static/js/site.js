/* Small helps; every page works without this file. */
(function () {
  "use strict";
  // On a phone the outline starts closed, on a wide screen open.
  var wide = window.matchMedia("(min-width: 64rem)");
  function setOutlines() {
    document.querySelectorAll("details[data-outline]").forEach(function (box) {
      box.open = wide.matches;
    });
  }
  setOutlines();
  // A long outline shows the part that is being read.
  document.querySelectorAll(".outline").forEach(function (outline) {
    var here = outline.querySelector("[aria-current]");
    if (here) { outline.scrollTop = here.offsetTop - outline.clientHeight / 3; }
  });
  wide.addEventListener("change", setOutlines);

  // A permalink into a closed <details> opens it.
  function openTarget() {
    var target = location.hash && document.getElementById(location.hash.slice(1));
    for (var box = target; box; box = box.parentElement) {
      if (box.tagName === "DETAILS") { box.open = true; }
    }
    if (target) { target.scrollIntoView(); }
  }
  window.addEventListener("hashchange", openTarget);
  if (location.hash) { openTarget(); }

  // Filters send themselves when a choice changes; the button stays for everyone else.
  document.addEventListener("change", function (event) {
    var form = event.target.closest("form[data-autosubmit]");
    if (form && event.target.tagName === "SELECT") { form.requestSubmit(); }
  });

  // Where the browser cannot grow a text box by itself, grow it here.
  if (!CSS.supports("field-sizing", "content")) {
    document.addEventListener("input", function (event) {
      var box = event.target;
      if (box.tagName === "TEXTAREA") {
        box.rows = Math.max(box.rows, Math.ceil(box.scrollHeight / 29));
      }
    });
  }

  // A fragment put in place takes the focus, so that it is announced.
  document.addEventListener("htmx:afterSwap", function (event) {
    var first = event.target.querySelector("[data-focus]");
    if (first) { first.focus(); }
  });
  // When a fragment cannot be had, follow the link instead.
  document.addEventListener("htmx:afterRequest", function (event) {
    var link = event.detail.elt, status = event.detail.xhr.status;
    if ((status === 0 || status >= 400) && link.tagName === "A" && link.href) { location.assign(link.href); }
  });
})();
