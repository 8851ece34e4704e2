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
    editor.querySelector("table").hidden = false; // it may have had no row at all
    total.value = String(Number(total.value) + 1);
    prepare(row);
    if (window.htmx) window.htmx.process(row);
    editor.dispatchEvent(new Event("change", { bubbles: true }));
    const input = row.querySelector("input:not([type=hidden]), select, textarea");
    if (input) input.focus();
  }

  function remove(row) {
    const editor = row.closest("[data-rows]");
    row.querySelector("[data-row-delete] input").checked = true;
    row.hidden = true;
    editor.querySelector("table").hidden = !editor.querySelector("[data-row]:not([hidden])");
    const next = editor.querySelector("[data-rows-add]") || editor;
    next.focus();
    editor.dispatchEvent(new Event("change", { bubbles: true }));
  }

  // The fields in which the Tab key stops; a group of boxes with one stop is one.
  function stops(root) {
    return Array.from(root.querySelectorAll("input:not([type=hidden]), select, textarea")).filter(function (field) {
      return field.offsetParent && field.tabIndex >= 0 && !field.disabled;
    });
  }

  function isBlank(row) {
    return stops(row).every(function (field) {
      return field.tagName === "SELECT" || (field.type === "checkbox" ? !field.checked : !field.value.trim());
    }) && !row.querySelector("input[type=checkbox]:checked");
  }

  function isLast(row) {
    const rows = Array.from(row.parentNode.querySelectorAll("[data-row]:not([hidden])"));
    return rows.slice(rows.indexOf(row)).every(isBlank);
  }

  document.addEventListener("click", function (event) {
    const button = event.target.closest("[data-rows-add], [data-row-remove]");
    if (!button) return;
    if (button.hasAttribute("data-rows-add")) add(button.closest("[data-rows]"));
    else remove(button.closest("[data-row]"));
  });

  // Alt and a letter press the button of rows that most pages lack. By the key's place: an input method may be open.
  document.addEventListener("keydown", function (event) {
    if (!event.altKey || event.ctrlKey || event.metaKey || !/^Key[A-Z]$/.test(event.code)) return;
    const button = document.querySelector('[data-rows-add][aria-keyshortcuts="Alt+' + event.code.slice(3) + '"]');
    if (!button) return;
    event.preventDefault();
    button.click();
  });

  // Enter goes on to the next field (past those aside, where the Tab key stops), and from the last one to a new row, instead of sending the form. On a blank row
  // with nothing below it leaves the rows for what follows them; a choice at its beginning is only gone past.
  document.addEventListener("keydown", function (event) {
    const editor = event.target.matches("input, select") && event.target.closest("[data-rows]");
    if (!editor || event.isComposing || event.keyCode === 229) return;
    const row = event.target.closest("[data-row]");
    if (event.key === "Delete" && event.altKey && row && row.querySelector("[data-row-delete]")) {
      event.preventDefault();
      return remove(row);
    }
    if (event.key !== "Enter" || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    const fields = stops(editor);
    const next = fields.slice(fields.indexOf(event.target) + 1).find(function (field) { return !field.hasAttribute("data-aside"); });
    const isChoice = event.target.tagName === "SELECT" && fields.indexOf(event.target) < fields.length - 1;
    const following = row && !isChoice && isBlank(row) && isLast(row) && after(editor);
    if (following) following.focus();
    else if (next) next.focus();
    else if (editor.querySelector("[data-rows-add]")) add(editor);
  });

  function after(editor) {
    const all = stops(editor.closest("form") || document);
    const inside = stops(editor);
    return all[all.indexOf(inside[inside.length - 1]) + 1];
  }

  prepare(document);
  document.addEventListener("htmx:afterSettle", function (event) { prepare(event.target); });
})();
