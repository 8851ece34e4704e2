// The shell's own behaviour. Every page works without it, but then a lost connection can cost what was
// typed, and an ended session leads over the sign-in page. Written for Chromium 80.
(function () {
  "use strict";

  const body = document.body;
  const sessionUrl = body.dataset.sessionUrl;
  const SESSION_CHECK_AFTER = 5 * 60 * 1000;
  const BUSY_AFTER = 400;
  let lastAnswer = Date.now();

  // --- the alert bar: one text at a time, taken from the <template data-say> elements of the page ---------

  const bar = document.querySelector("[data-alertbar]");

  function say(what) {
    if (bar.dataset.says === what) return;
    const text = document.querySelector('template[data-say="' + what + '"]');
    bar.textContent = "";
    bar.appendChild(text.content.cloneNode(true));
    bar.dataset.says = what;
    body.dispatchEvent(new CustomEvent("xinjin:says", { detail: what }));
  }

  function hush() {
    bar.textContent = "";
    delete bar.dataset.says;
  }

  bar.addEventListener("click", function (event) {
    if (event.target.closest("[data-hush]")) hush();
    if (event.target.closest("[data-retry]")) recover();
  });

  // --- session and connection ---------------------------------------------------------------------------

  // Resolves to "ok", "signed-out", "someone-else" or "lost"; refreshes the token of every form on the page,
  // because signing in again gave the session a new one.
  function checkSession() {
    if (!sessionUrl) return Promise.resolve("ok");
    return fetch(sessionUrl, { headers: { Accept: "application/json" }, cache: "no-store" })
      .then(function (response) {
        if (!response.ok) return "lost";
        return response.json().then(function (state) {
          if (body.dataset.user && !state.user) return "signed-out";
          if (body.dataset.user && state.user !== body.dataset.user) return "someone-else";
          document.querySelectorAll('input[name="csrfmiddlewaretoken"]').forEach(function (input) {
            input.value = state.token;
          });
          body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": state.token }));
          lastAnswer = Date.now();
          return "ok";
        });
      })
      .catch(function () { return "lost"; });
  }

  // Pages that save as one types listen for xinjin:reconnected on the body and save then.
  function recover() {
    return checkSession().then(function (state) {
      if (state !== "ok") return say(state);
      say("back");
      body.dispatchEvent(new CustomEvent("xinjin:reconnected"));
    });
  }

  // A page that saves by itself says when an answer was missing or strange, and when one came.
  body.addEventListener("xinjin:doubt", recover);
  body.addEventListener("xinjin:answered", function () {
    lastAnswer = Date.now();
    if (bar.dataset.says === "lost" || bar.dataset.says === "back") hush();
  });

  window.addEventListener("offline", function () { say("lost"); });
  window.addEventListener("online", recover);
  window.setInterval(function () { if (bar.dataset.says === "lost") recover(); }, 10000);

  body.addEventListener("htmx:sendError", function () { say("lost"); });
  body.addEventListener("htmx:timeout", function () { say("lost"); });
  body.addEventListener("htmx:responseError", function (event) {
    const status = event.detail.xhr.status;
    if (status === 403 && event.detail.xhr.responseText.indexOf("data-form-expired") >= 0) {
      recover(); // an old token: checkSession() brings a new one
    } else if (status === 401 || status === 403) {
      checkSession().then(function (state) { say(state === "ok" ? "refused" : state); });
    } else {
      say(status === 409 ? "conflict" : "failed");
    }
  });
  // An ended session answers with the sign-in page; it must not land in the middle of a form.
  body.addEventListener("htmx:beforeSwap", function (event) {
    const address = event.detail.xhr.responseURL;
    const signIn = document.querySelector('template[data-say="signed-out"]').content.querySelector("a");
    if (address && new URL(address).pathname === new URL(signIn.getAttribute("href"), location.href).pathname) {
      event.detail.shouldSwap = false;
      say("signed-out");
    }
  });
  body.addEventListener("htmx:afterOnLoad", function (event) {
    if (event.detail.successful === false || bar.dataset.says === "signed-out") return;
    lastAnswer = Date.now();
    if (bar.dataset.says === "lost" || bar.dataset.says === "failed") hush();
  });

  // --- ordinary forms -----------------------------------------------------------------------------------

  let clicked = null;
  let confirmedForm = null;

  document.addEventListener("click", function (event) {
    clicked = event.target.closest("button, input[type=submit]");
  }, true);

  // A page that stood open for a while asks first whether its session still lives, because a form sent
  // without one takes the way over the sign-in page.
  document.addEventListener("submit", function (event) {
    const form = event.target;
    const method = form.getAttribute("method") || "get"; // form.method may be a field of that name
    if (event.defaultPrevented || method.toLowerCase() !== "post" || form.hasAttribute("data-theme-form")) return;
    if (confirmedForm === form || !body.dataset.user || Date.now() - lastAnswer < SESSION_CHECK_AFTER) {
      confirmedForm = null;
      return markBusy(form, event);
    }
    event.preventDefault();
    const button = event.submitter || (clicked && clicked.form === form ? clicked : undefined);
    checkSession().then(function (state) {
      if (state !== "ok") return say(state);
      confirmedForm = form;
      form.requestSubmit(button || undefined);
    });
  });

  // A second press while the first is on its way is ignored; a download leaves the page, so this ends by itself.
  function markBusy(form, event) {
    if (form.getAttribute("aria-busy") === "true") return event.preventDefault();
    form.setAttribute("aria-busy", "true");
    showBusy();
    window.setTimeout(function () { form.removeAttribute("aria-busy"); body.classList.remove("is-busy"); }, 8000);
  }

  window.addEventListener("pageshow", function () {
    body.classList.remove("is-busy");
    document.querySelectorAll('form[aria-busy="true"]').forEach(function (form) { form.removeAttribute("aria-busy"); });
  });

  let busyTimer = null;
  function showBusy() {
    window.clearTimeout(busyTimer);
    busyTimer = window.setTimeout(function () { body.classList.add("is-busy"); }, BUSY_AFTER);
  }
  body.addEventListener("htmx:beforeRequest", showBusy);
  body.addEventListener("htmx:afterRequest", function () {
    window.clearTimeout(busyTimer);
    body.classList.remove("is-busy");
  });

  // Forms that are not saved as one types carry data-warn-unsaved.
  let unsaved = false;
  document.addEventListener("input", function (event) {
    if (event.target.closest("form[data-warn-unsaved]")) unsaved = true;
  });
  document.addEventListener("submit", function (event) {
    if (!event.defaultPrevented) unsaved = false;
  });
  window.addEventListener("beforeunload", function (event) {
    if (unsaved) { event.preventDefault(); event.returnValue = ""; }
  });

  // --- theme, menus, messages, mistakes -----------------------------------------------------------------

  document.addEventListener("submit", function (event) {
    const form = event.target.closest("[data-theme-form]");
    const button = event.submitter || clicked;
    if (!form || !button || button.name !== "theme") return;
    event.preventDefault();
    const data = new FormData(form);
    data.set("theme", button.value);
    data.set("quiet", "1");
    document.documentElement.dataset.theme = button.value;
    document.querySelectorAll("[data-theme-form] button").forEach(function (other) {
      other.setAttribute("aria-pressed", String(other.value === button.value));
    });
    fetch(form.action, { method: "POST", body: data }).catch(function () { say("lost"); });
  });

  document.addEventListener("click", function (event) {
    document.querySelectorAll("details.menu[open]").forEach(function (menu) {
      if (!menu.contains(event.target)) menu.open = false;
    });
    const dismiss = event.target.closest("[data-dismiss]");
    if (dismiss) dismiss.closest("[data-dismissable]").remove();
    if (event.target.closest("[data-print]")) window.print();
  });
  document.addEventListener("keydown", function (event) {
    const menu = event.key === "Escape" && document.querySelector("details.menu[open]");
    if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
  });
  document.querySelectorAll("[data-dismiss], [data-print]").forEach(function (button) { button.hidden = false; });

  function focusMistakes(root) {
    const summary = root.querySelector("[data-focus]");
    if (summary) summary.focus();
  }
  focusMistakes(document);
  body.addEventListener("htmx:afterSettle", function (event) { focusMistakes(event.target); });
})();
