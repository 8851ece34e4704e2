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

  function plain(text) { return text.trim().replace(/\s+/g, " "); }

  function typed(row, end) {
    const input = row.querySelector('[name$="-' + end + '"]');
    return input ? plain(input.value) : "";
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

  function changed(field) { field.dispatchEvent(new Event("input", { bubbles: true })); }

  // --- times: 0905 is shown as 09:05 ------------------------------------------------------------------------

  form.addEventListener("change", function (event) {
    if (event.target.name !== "started_at" && event.target.name !== "ended_at") return;
    const found = /^(\d{1,2})(?:[:.：]?(\d{2}))?$/.exec(event.target.value.trim());
    if (!found || Number(found[1]) > 23 || Number(found[2] || 0) > 59) return;
    event.target.value = ("0" + found[1]).slice(-2) + ":" + (found[2] || "00");
  });

  // --- into the ledger: asked only where there is something to be entered, so that it is no stop on the way ---

  function offerLedger() {
    rows("data-calls").forEach(function (row) {
      const choice = row.querySelector('[name$="-case_kind"]');
      choice.hidden = !typed(row, "raised") && !choice.value;
    });
    form.querySelectorAll('[name$="-opens_case"]').forEach(function (box) {
      const note = box.closest("[data-activity]").querySelector('[name$="-note"]');
      const offer = box.closest("[data-into-ledger]");
      offer.hidden = !note.value.trim() && !box.checked;
      offer.querySelector("select").hidden = !box.checked;
    });
  }

  form.addEventListener("input", offerLedger);
  form.addEventListener("change", offerLedger);

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

  // --- companions as last time --------------------------------------------------------------------------------

  const lastTime = form.querySelector("[data-last-time]");
  if (lastTime) {
    lastTime.hidden = false;
    lastTime.addEventListener("click", function () {
      const there = lastTime.dataset.lastTime.split(" ");
      form.querySelectorAll('[name="companions"]').forEach(function (box) {
        if (there.indexOf(box.value) < 0 || box.checked) return;
        box.checked = true;
        changed(box);
      });
    });
  }

  // --- groups of boxes: one stop of the Tab key, arrows go from box to box ------------------------------------

  const GROUPS = "[data-calls] fieldset, fieldset[id$=companions_field]";

  function boxesOf(group) { return Array.from(group.querySelectorAll("input[type=checkbox]")); }

  function gather(root) {
    root.querySelectorAll("fieldset").forEach(function (group) {
      if (!group.matches(GROUPS)) return;
      boxesOf(group).forEach(function (box, number) { box.tabIndex = number ? -1 : 0; });
    });
    root.querySelectorAll("[data-row-remove]").forEach(function (button) { button.tabIndex = -1; }); // Alt+Delete
  }

  function walkGroup(event) {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const group = step && event.target.type === "checkbox" && event.target.closest("fieldset");
    if (!group || !group.matches(GROUPS)) return false;
    const boxes = boxesOf(group);
    const next = boxes[(boxes.indexOf(event.target) + step + boxes.length) % boxes.length];
    boxes.forEach(function (box) { box.tabIndex = box === next ? 0 : -1; });
    next.focus();
    return true;
  }

  form.addEventListener("change", function (event) {
    if (event.target.matches("[data-rows]")) gather(event.target);
  });

  // --- activities: up and down go from line to line, a figure typed on the tick is the number of people ----------

  function walkLines(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const line = event.target.closest("[data-activity]");
    if (!line) return false;
    const people = line.querySelector('[name$="-people_count"]');
    if (people && /^[0-9]$/.test(event.key) && event.target.type === "checkbox") people.focus(); // and is written there
    if (!step) return false;
    const lines = Array.from(form.querySelectorAll("[data-activity]"));
    const next = lines[lines.indexOf(line) + step];
    const cell = Array.from(line.children).indexOf(event.target.closest("th, td"));
    const field = next && (next.children[cell].querySelector("input") || next.querySelector("input"));
    if (field) field.focus();
    else if (step > 0) form.elements.summary.focus();
    return true;
  }

  // --- Enter goes on, Ctrl+Enter hands in ---------------------------------------------------------------------

  function goOn(event) {
    if (event.key !== "Enter" || !event.target.matches("input:not([type=submit]):not([type=file]), select")) return false;
    const fields = Array.from(form.querySelectorAll("input:not([type=hidden]), select, textarea, button[data-submit]"))
      .filter(function (field) { return field.offsetParent && field.tabIndex >= 0 && !field.disabled; });
    const next = fields[fields.indexOf(event.target) + 1];
    if (next) next.focus();
    return true;
  }

  form.addEventListener("keydown", function (event) {
    if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("[data-rows]") && event.key === "Enter") return; // rows.js
    if (walkGroup(event) || walkLines(event) || goOn(event)) event.preventDefault();
  });

  document.addEventListener("keydown", function (event) {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    form.querySelector("[data-submit]").click();
  }, true);

  // --- households of the village: those not called on for longest, and what one types --------------------------

  const known = new Map();

  function households(input) {
    const village = form.elements.village.value;
    const url = settings.householdsUrl + "?village=" + encodeURIComponent(village) +
      "&q=" + encodeURIComponent(input.value.trim());
    const answer = known.has(url) ? Promise.resolve(known.get(url)) : fetch(url, { headers: { Accept: "application/json" } })
      .then(function (response) { return response.ok ? response.json() : []; })
      .then(function (items) { known.set(url, items); return items; });
    return answer.then(function (items) {
      const here = input.closest("[data-row]");
      const taken = rows("data-calls").filter(function (row) { return row !== here; })
        .map(function (row) { return typed(row, "household"); });
      const mine = plain(input.value);
      return items.filter(function (item) { return taken.indexOf(item.label) < 0 && item.label !== mine; }).slice(0, 8);
    });
  }

  if (settings.householdsUrl) window.xinjinCombobox(form, "[data-household]", households);

  gather(form);
  refresh();
  offerLedger();
})();
