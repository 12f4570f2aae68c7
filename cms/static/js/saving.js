/* A form on a bad line: it says at the form when saving failed, keeps what was typed and
   offers again; its button shows work and cannot be pressed twice.  Without this file
   every form is sent as usual. */
(function () {
  "use strict";
  var words = document.getElementById("saving-words");
  if (!window.htmx || !words) { return; }

  // A page that says what is wrong is shown; any other failure is told by say().
  window.htmx.config.responseHandling = [
    { code: "204", swap: false },
    { code: "[23]..", swap: true },
    { code: "409|422|429", swap: true },
    { code: "...", swap: false }
  ];
  window.htmx.config.timeout = 30000;

  // Forms that are not htmx's own are sent by it too: the answer is a page (what is wrong
  // stands in its <main>) or an address to go to (cms/middleware.py).
  function take(form) {
    if (form.hasAttribute("hx-post") || form.hasAttribute("data-native")) { return; }
    form.setAttribute("hx-post", form.getAttribute("action") || location.href);
    form.setAttribute("hx-target", "main");
    form.setAttribute("hx-select", "main");
    form.setAttribute("hx-swap", "outerHTML show:none");
    // A file takes the time it takes.
    if (form.querySelector("[type=file]")) { form.setAttribute("hx-request", '{"timeout": 900000}'); }
    window.htmx.process(form);
  }
  function takeAll(root) {
    root.querySelectorAll("main form[method=post], main form[method=POST]").forEach(take);
  }

  function formOf(event) {
    var elt = event.detail.elt;
    return elt && elt.tagName === "FORM" && elt.hasAttribute("hx-post") ? elt : null;
  }
  function forget(form) {
    var old = form.querySelector("[data-not-saved]");
    if (old) { old.remove(); }
  }
  function say(form, why) {
    forget(form);
    var box = words.content.firstElementChild.cloneNode(true);
    box.querySelectorAll("[data-why]").forEach(function (line) {
      line.hidden = line.dataset.why !== why;
    });
    // Again is the same again: the button that was pressed may say what to do.
    var again = box.querySelector("button"), pressed = form.pressedLast;
    if (pressed && pressed.name) { again.name = pressed.name; again.value = pressed.value; }
    form.append(box);
    box.focus();
  }
  function buttons(form) { return Array.from(form.querySelectorAll("button, input[type=submit]")); }
  function work(form, pressed) {
    form.setAttribute("aria-busy", "true");
    buttons(form).forEach(function (button) { button.disabled = true; });
    var button = pressed || buttons(form)[0];
    if (button && button.tagName === "BUTTON") {
      form.restSaving = [button, Array.from(button.childNodes)];
      button.replaceChildren(words.dataset.work);
    }
  }
  function rest(form) {
    form.removeAttribute("aria-busy");
    buttons(form).forEach(function (button) { button.disabled = false; });
    if (form.restSaving) { form.restSaving[0].replaceChildren.apply(form.restSaving[0], form.restSaving[1]); }
    form.restSaving = null;
  }

  document.addEventListener("htmx:beforeRequest", function (event) {
    // htmx would write a failure to the console; here it is told to the person instead.
    event.detail.error = "";
    var form = formOf(event);
    if (!form) { return; }
    var trigger = event.detail.requestConfig.triggeringEvent;
    if (form.getAttribute("aria-busy")) { event.preventDefault(); return; }
    form.pressedLast = trigger && trigger.submitter;
    forget(form);
    if (!navigator.onLine) { event.preventDefault(); say(form, "offline"); return; }
    work(form, form.pressedLast);
  });
  document.addEventListener("htmx:afterRequest", function (event) {
    var form = formOf(event);
    if (!form) { return; }
    var status = event.detail.xhr.status;
    // The page is on its way to another address: stay busy until it is there.
    if (event.detail.keepIndicators) { return; }
    rest(form);
    if (status === 0) { say(form, navigator.onLine ? "away" : "offline"); }
    else if (status === 403 || status === 401) { fresh(form); }
    else if (status >= 400 && [409, 422, 429].indexOf(status) < 0) { say(form, status >= 500 ? "away" : "refused"); }
  });
  // The safety token of a page that stood open for long is old: take a new one, so that
  // pressing again works; where there is none to be had, signing in may help.
  function fresh(form) {
    var field = form.querySelector("[name=csrfmiddlewaretoken]");
    fetch(location.href, { credentials: "same-origin", cache: "no-store" }).then(function (answer) {
      return answer.ok ? answer.text() : "";
    }).then(function (text) {
      var page = new DOMParser().parseFromString(text, "text/html");
      var token = page.querySelector("main [name=csrfmiddlewaretoken]");
      if (field && token) { field.value = token.value; }
      say(form, field && token ? "again" : "refused");
    }).catch(function () { say(form, "away"); });
  }
  // Going back shows the page as it was left: its buttons work again.
  window.addEventListener("pageshow", function (event) {
    if (event.persisted) { document.querySelectorAll("form[aria-busy]").forEach(rest); }
  });
  document.addEventListener("htmx:afterSettle", function () { takeAll(document); });
  takeAll(document);
})();
