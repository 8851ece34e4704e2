// Lists: "/" goes to the search field, one tick chooses all rows of the page, an open menu closes again.
// Every list works without it. Written for Chromium 80.
(function () {
  "use strict";

  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape") {
      const open = document.querySelector("details[data-menu][open]");
      if (open) {
        open.removeAttribute("open");
        open.querySelector("summary").focus();
      }
      return;
    }
    if (event.key !== "/" || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.target.closest("input, select, textarea, [contenteditable]")) return;
    const field = document.querySelector('.filters input[name="text"], .filters input[name="q"], .filters input[type="text"]');
    if (!field) return;
    event.preventDefault();
    field.focus();
    field.select();
  });

  document.addEventListener("click", function (event) {
    document.querySelectorAll("details[data-menu][open]").forEach(function (menu) {
      if (!menu.contains(event.target)) menu.removeAttribute("open");
    });
  });

  const all = document.querySelector("[data-pick-all]");
  if (!all) return;
  const rows = Array.from(document.querySelectorAll('input[name="pick"]'));
  const button = document.querySelector("[data-pick-button]");
  function count() {
    const chosen = rows.filter(function (row) { return row.checked; }).length;
    all.checked = chosen === rows.length;
    all.indeterminate = chosen > 0 && chosen < rows.length;
    if (button) button.disabled = chosen === 0;
  }
  all.hidden = false;
  all.addEventListener("change", function () {
    rows.forEach(function (row) { row.checked = all.checked; });
    count();
  });
  rows.forEach(function (row) { row.addEventListener("change", count); });
  count();
})();
