// Saves the page of a visit as one types, and says truthfully what has been saved. The page is never drawn anew under
// somebody's hands: what could not be saved is said beside its field, and a text from elsewhere is shown below the form.
// One request at a time; each carries the page's own number, so that a late one overwrites nothing. For Chromium 80.
(function () {
  "use strict";

  const form = document.querySelector("[data-visit-form]");
  const box = form && form.querySelector("[data-saving]");
  if (!box) return;

  const QUIET = 700; // after the last key
  const LONGEST = 1500; // after the first one that is not saved
  const PATIENCE = 15000;
  const AGAIN = [2000, 3000, 5000, 10000];

  let typed = 0; // grows with every change
  let saved = 0; // the change that the server has confirmed
  let flying = false;
  let composing = false; // an input method is open: half a syllable is nobody's text
  let held = null; // why nothing is sent until the person acts
  let failures = 0;
  let leaving = false;
  let timer = null;
  let first = 0;

  form.removeAttribute("data-warn-unsaved");

  function tell(what) { document.body.dispatchEvent(new CustomEvent(what)); }

  // --- the indicator ----------------------------------------------------------------------------------------

  function show(state, words) {
    const before = box.dataset.state;
    const template = box.querySelector('[data-saving-say="' + state + '"]');
    const line = box.querySelector("[data-saving-line]");
    line.textContent = "";
    line.appendChild(template.content.cloneNode(true));
    const text = line.firstChild;
    Object.keys(words || {}).forEach(function (key) {
      text.textContent = text.textContent.replace("{" + key + "}", words[key]);
    });
    box.dataset.state = state;
    // Read aloud only when something goes wrong or is well again, not every two seconds.
    const calm = ["saved", "saving", "waiting"];
    if (state !== "saving" && (calm.indexOf(state) < 0 || calm.indexOf(before) < 0)) {
      box.querySelector("[data-saving-spoken]").textContent = line.textContent;
    }
  }

  // --- what is wrong with a field -----------------------------------------------------------------------------

  function field(name) {
    const found = name && form.elements[name];
    return found && !found.tagName ? found[0] : found;
  }

  function complain(complaints) {
    form.querySelectorAll("[data-unsaved]").forEach(function (list) {
      const input = field(list.dataset.unsaved);
      if (input) input.removeAttribute("aria-invalid");
      list.remove();
    });
    const names = Object.keys(complaints);
    names.forEach(function (name) {
      const input = field(name);
      const list = document.createElement("ul");
      list.className = "field__errors";
      list.dataset.unsaved = name;
      complaints[name].forEach(function (message) {
        const item = document.createElement("li");
        item.textContent = message;
        list.appendChild(item);
      });
      if (!input || input.type === "hidden") return box.appendChild(list);
      input.setAttribute("aria-invalid", "true");
      (input.closest(".field, td") || input.parentNode).appendChild(list);
    });
    return names.length;
  }

  // A mistake that stood there since the last handing in has been answered by typing; handing in looks again.
  function answered(input) {
    const old = input.id && document.getElementById(input.id + "_error");
    if (old) old.remove();
  }

  // --- saving -------------------------------------------------------------------------------------------------

  function body() {
    const data = new URLSearchParams();
    form.elements.step.value = String(Number(form.elements.step.value || 0) + 1);
    new FormData(form).forEach(function (value, name) {
      if (typeof value === "string") data.append(name, value);
    });
    return data;
  }

  function plan(delay) {
    window.clearTimeout(timer);
    timer = window.setTimeout(save, delay);
  }

  function save() {
    window.clearTimeout(timer);
    if (held || flying || composing || leaving || typed === saved) return;
    const mine = typed;
    const stop = new AbortController();
    const patience = window.setTimeout(function () { stop.abort(); }, PATIENCE);
    flying = true;
    first = 0;
    if (!failures) show("saving");
    fetch(box.dataset.url, {
      method: "POST", body: body(), headers: { Accept: "application/json" }, redirect: "manual", signal: stop.signal,
    }).then(function (response) {
      window.clearTimeout(patience);
      flying = false;
      return heard(response, mine);
    }).catch(function () {
      window.clearTimeout(patience);
      flying = false;
      trouble("lost");
    });
  }

  function heard(response, mine) {
    if (response.status === 200) {
      return response.json().then(function (answer) { done(answer, mine); });
    }
    if (response.status === 409) return response.json().then(conflict);
    if (response.type === "opaqueredirect" || response.status === 401) return trouble("signed-out");
    // An old token, somebody else's session, or a draft that is gone: the session is asked first.
    if (response.status === 403 || response.status === 404) {
      if (failures && response.status === 404) { held = "closed"; return show("closed"); }
      failures += 1;
      tell("xinjin:doubt");
      return plan(AGAIN[0]);
    }
    trouble("failed");
  }

  function done(answer, mine) {
    saved = mine;
    failures = 0;
    form.elements.revision.value = String(answer.revision);
    tell("xinjin:answered");
    const hint = form.querySelector("[data-same-doors]");
    if (hint) { hint.textContent = answer.same_doors; hint.hidden = !answer.same_doors; }
    const count = complain(answer.complaints || {});
    if (typed !== saved) return plan(QUIET);
    show(count ? "partly" : "saved", { at: answer.at, count: String(count) });
  }

  function trouble(state) {
    show(state);
    if (state === "signed-out") held = state;
    else plan(AGAIN[Math.min(failures, AGAIN.length - 1)]);
    failures += 1;
    if (state !== "failed") tell("xinjin:doubt");
  }

  // --- two texts: both are shown, the person chooses ------------------------------------------------------------

  function conflict(answer) {
    held = answer.is_open ? "conflict" : "closed";
    show(held);
    const part = document.querySelector("[data-conflict-template]").content.cloneNode(true);
    part.querySelector("[data-conflict-message]").textContent = answer.message;
    answer.rows.forEach(function (row) {
      const line = document.createElement("tr");
      row.forEach(function (text, number) {
        const cell = document.createElement(number ? "td" : "th");
        cell.textContent = text;
        line.appendChild(cell);
      });
      part.querySelector("[data-conflict-rows]").appendChild(line);
    });
    const panel = part.querySelector(".conflict");
    panel.querySelector("[data-conflict-mine]").hidden = !answer.is_open;
    panel.querySelector("[data-conflict-theirs]").hidden = !answer.url;
    panel.querySelector("[data-conflict-mine]").addEventListener("click", function () {
      form.elements.revision.value = String(answer.revision); // both texts have been seen
      panel.remove();
      held = null;
      typed += 1;
      save();
    });
    panel.querySelector("[data-conflict-theirs]").addEventListener("click", function () {
      leaving = true;
      location.replace(answer.is_open ? location.pathname : answer.url);
    });
    form.appendChild(panel);
  }

  // --- when -----------------------------------------------------------------------------------------------------

  function touched(event) {
    if (event.target.type === "file" || event.target.closest("#photos")) return; // photos are sent by themselves
    typed += 1;
    answered(event.target);
    if (held) return;
    if (!failures) show("saving");
    first = first || Date.now();
    if (!composing) plan(Math.max(0, Math.min(QUIET, first + LONGEST - Date.now())));
  }
  form.addEventListener("input", touched);
  form.addEventListener("change", touched);
  form.addEventListener("compositionstart", function () { composing = true; });
  form.addEventListener("compositionend", function (event) { composing = false; touched(event); });

  document.body.addEventListener("xinjin:reconnected", function () {
    if (held === "signed-out") held = null;
    save();
  });
  document.body.addEventListener("xinjin:says", function (event) {
    if (event.detail !== "signed-out" && event.detail !== "someone-else") return;
    held = event.detail;
    show(held);
  });

  // Back from another tab: signed in again there, or the same draft was written elsewhere while nothing waits here.
  document.addEventListener("visibilitychange", function () {
    if (document.visibilityState === "hidden") return save();
    if (held === "signed-out") return tell("xinjin:doubt");
    if (held || flying || typed !== saved) return;
    fetch(box.dataset.url, { headers: { Accept: "application/json" }, redirect: "manual" })
      .then(function (response) { return response.ok ? response.json() : null; })
      .then(function (stored) {
        if (!stored || held || flying || leaving || typed !== saved) return;
        if (String(stored.revision) !== form.elements.revision.value) location.replace(location.pathname);
      })
      .catch(function () { /* the next save will tell */ });
  });

  document.addEventListener("keydown", function (event) {
    if (event.key !== "s" || !(event.ctrlKey || event.metaKey) || event.altKey) return;
    event.preventDefault();
    save();
  });

  // --- leaving --------------------------------------------------------------------------------------------------

  // Without a connection a form would end on the browser's own page of errors.
  document.addEventListener("submit", function (event) {
    if (event.target !== form || !(failures || navigator.onLine === false) || held === "hold") return;
    event.preventDefault();
    event.stopPropagation();
    if (held === "signed-out" || !held) tell("xinjin:doubt");
  }, true);
  window.addEventListener("submit", function (event) {
    if (event.target !== form || event.defaultPrevented) return;
    leaving = true;
    form.elements.step.value = String(Number(form.elements.step.value || 0) + 1);
    window.setTimeout(function () { leaving = false; }, 8000);
  });
  window.addEventListener("beforeunload", function (event) {
    if (leaving || typed === saved || !(held || failures)) return;
    event.preventDefault();
    event.returnValue = "";
  });
  window.addEventListener("pagehide", function () {
    if (leaving || held || typed === saved) return;
    fetch(box.dataset.url, { method: "POST", body: body(), keepalive: true, redirect: "manual" }).catch(function () {});
  });

  // A page that came back with mistakes or two texts. The person decides about the texts before anything is saved.
  if (box.hasAttribute("data-hold")) held = "hold";
  else if (box.dataset.state === "waiting") { typed = 1; plan(QUIET); }
})();
