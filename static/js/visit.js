// Helps on the page on which a visit is written; the page works without it. Written for Chromium 80.
(function () {
  "use strict";

  const settings = document.currentScript.dataset;
  const form = document.querySelector("[data-visit-form]");
  if (!form) return;

  // --- what is up to standard, live; the minimums and the words come with the page --------------------------

  function rows(section) {
    return Array.from(form.querySelectorAll("[" + section + "] [data-row]")).filter(function (row) { return !row.hidden; });
  }

  function typed(row, end) {
    const input = row.querySelector('[name$="-' + end + '"]');
    return input ? input.value.trim().replace(/\s+/g, " ") : "";
  }

  function counts() {
    const households = new Set(rows("data-calls").map(function (row) { return typed(row, "household"); }));
    households.delete("");
    const photos = form.querySelector("#photos");
    return {
      household_count: households.size,
      deed_count: rows("data-deeds").filter(function (row) {
        return typed(row, "beneficiary") || typed(row, "matter") || typed(row, "result");
      }).length,
      times: form.elements.started_at.value && form.elements.ended_at.value ? 1 : 0,
      summary: form.elements.summary.value.trim() ? 1 : 0,
      photo: form.elements.photo_waiver.value.trim() ? Infinity : Number(photos.dataset.photoCount),
    };
  }

  function refresh() {
    const now = counts();
    form.querySelectorAll("[data-line]").forEach(function (line) {
      const count = now[line.dataset.line];
      line.classList.toggle("is-met", count >= Number(line.dataset.minimum));
      if (line.dataset.pattern) {
        line.querySelector("[data-text]").textContent = line.dataset.pattern.replace("{count}", String(count));
      }
    });
  }

  form.addEventListener("input", refresh);
  form.addEventListener("change", refresh);
  document.body.addEventListener("htmx:afterSettle", refresh);

  // --- activities: writing in a line ticks it, unticking empties it, ticking again brings the text back -------

  form.addEventListener("input", function (event) {
    const line = event.target.closest("[data-activity]");
    const box = line && line.querySelector('[name$="-done"]');
    if (!box) return;
    const texts = line.querySelectorAll("input:not([type=checkbox])");
    if (event.target !== box) {
      if (event.target.value) box.checked = true;
      return;
    }
    texts.forEach(function (input) {
      if (box.checked) input.value = input.value || input.dataset.kept || "";
      else { input.dataset.kept = input.value; input.value = ""; }
    });
  });

  // --- topics: one stop of the Tab key for each household, arrows go from topic to topic ----------------------

  function boxesOf(box) {
    return Array.from(box.closest("fieldset").querySelectorAll("input[type=checkbox]"));
  }

  function gather(root) {
    root.querySelectorAll("[data-row] fieldset input[type=checkbox]").forEach(function (box) {
      box.tabIndex = boxesOf(box)[0] === box ? 0 : -1;
    });
  }

  form.addEventListener("keydown", function (event) {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!step || !event.target.matches("[data-calls] fieldset input[type=checkbox]")) return;
    event.preventDefault();
    const boxes = boxesOf(event.target);
    const next = boxes[(boxes.indexOf(event.target) + step + boxes.length) % boxes.length];
    boxes.forEach(function (box) { box.tabIndex = box === next ? 0 : -1; });
    next.focus();
  });
  form.addEventListener("change", function (event) {
    if (event.target.matches("[data-rows]")) gather(event.target);
  });

  // --- households of the village, as one types ----------------------------------------------------------------

  const list = document.getElementById("households");
  const known = new Map();
  let waiting = null;

  function address(query) {
    const code = form.elements.village.value || settings.code;
    return settings.householdsUrl.replace(settings.code, code) + "?q=" + encodeURIComponent(query);
  }

  function offer(items) {
    list.textContent = "";
    items.forEach(function (item) {
      const option = document.createElement("option");
      option.value = item.label;
      list.appendChild(option);
    });
  }

  function look(query) {
    const url = address(query);
    if (known.has(url)) return offer(known.get(url));
    fetch(url, { headers: { Accept: "application/json" } })
      .then(function (response) { return response.ok ? response.json() : []; })
      .then(function (items) { known.set(url, items); offer(items); })
      .catch(function () { /* without suggestions one simply types on */ });
  }

  function ask(event) {
    if (!settings.householdsUrl || !event.target.matches("[data-household]")) return;
    window.clearTimeout(waiting);
    const query = event.target.value.trim();
    waiting = window.setTimeout(function () { look(query); }, 150);
  }
  form.addEventListener("input", ask);
  form.addEventListener("focusin", ask);

  // --- Ctrl+Enter hands in ------------------------------------------------------------------------------------

  document.addEventListener("keydown", function (event) {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    form.querySelector("[data-submit]").click();
  }, true);

  gather(form);
  refresh();
})();
