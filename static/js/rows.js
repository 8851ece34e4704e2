// Adds and removes rows of _components/row_editor.html, a Django formset. A removed row keeps its DELETE box,
// ticked, so the server decides what removal means.
(function () {
  "use strict";

  function prepare(root) {
    root.querySelectorAll("[data-rows-add], [data-row-remove]").forEach(function (button) { button.hidden = false; });
    root.querySelectorAll("[data-row-delete]").forEach(function (label) {
      label.hidden = true;
      if (label.querySelector("input").checked) label.closest("[data-row]").hidden = true;
    });
  }

  function add(editor) {
    const total = editor.querySelector('[name="' + editor.dataset.rows + '-TOTAL_FORMS"]');
    const holder = document.createElement("tbody");
    holder.innerHTML = editor.querySelector("[data-rows-template]").innerHTML.replace(/__prefix__/g, total.value);
    const row = holder.firstElementChild;
    editor.querySelector("[data-rows-body]").appendChild(row);
    total.value = String(Number(total.value) + 1);
    prepare(row);
    if (window.htmx) window.htmx.process(row);
    const input = row.querySelector("input:not([type=hidden]), select, textarea");
    if (input) input.focus();
    editor.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function remove(button) {
    const row = button.closest("[data-row]");
    const editor = row.closest("[data-rows]");
    row.querySelector("[data-row-delete] input").checked = true;
    row.hidden = true;
    const next = editor.querySelector("[data-rows-add]") || editor;
    next.focus();
    editor.dispatchEvent(new Event("change", { bubbles: true }));
  }

  document.addEventListener("click", function (event) {
    const button = event.target.closest("[data-rows-add], [data-row-remove]");
    if (!button) return;
    if (button.hasAttribute("data-rows-add")) add(button.closest("[data-rows]"));
    else remove(button);
  });
  // Enter in the last field of a row goes on to the next row instead of sending the form.
  document.addEventListener("keydown", function (event) {
    const editor = event.key === "Enter" && event.target.matches("input") && event.target.closest("[data-rows]");
    if (!editor || event.isComposing) return;
    event.preventDefault();
    const fields = Array.from(editor.querySelectorAll("[data-row]:not([hidden]) input:not([type=hidden]), " +
      "[data-row]:not([hidden]) select, [data-row]:not([hidden]) textarea")).filter(function (f) { return f.offsetParent; });
    const next = fields[fields.indexOf(event.target) + 1];
    if (next) next.focus();
    else if (editor.querySelector("[data-rows-add]")) add(editor);
  });

  prepare(document);
  document.addEventListener("htmx:afterSettle", function (event) { prepare(event.target); });
})();
