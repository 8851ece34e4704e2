// A text field with choices below it (ARIA combobox with a list). Without this script it is a plain field.
//   xinjinCombobox(root, selector, source)   source(input) → a promise of [{label, hint}]
// Arrows move, Enter picks and goes on, Tab picks and goes on, Escape closes. Written for Chromium 80.
window.xinjinCombobox = function (root, selector, source) {
  "use strict";

  const WAIT = 120;
  const list = document.createElement("ul");
  list.className = "choices";
  list.id = "choices";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  root.appendChild(list);

  let input = null; // the field whose choices are shown
  let active = -1;
  let asked = 0; // the latest question; answers to older ones are dropped
  let waiting = null;

  function options() { return Array.from(list.querySelectorAll("[role=option]")); }

  function mark(index) {
    active = index;
    options().forEach(function (option, number) { option.setAttribute("aria-selected", String(number === index)); });
    const option = options()[index];
    if (option) {
      input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else if (input) {
      input.removeAttribute("aria-activedescendant");
    }
  }

  function close() {
    window.clearTimeout(waiting);
    asked += 1;
    list.hidden = true;
    list.textContent = "";
    if (input) {
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    }
    active = -1;
  }

  function place() {
    const box = input.getBoundingClientRect();
    const around = root.getBoundingClientRect();
    list.style.left = box.left - around.left + "px";
    list.style.top = box.bottom - around.top + "px";
    list.style.minWidth = box.width + "px";
  }

  function show(items) {
    list.textContent = "";
    items.forEach(function (item, number) {
      const option = document.createElement("li");
      option.id = "choice-" + number;
      option.setAttribute("role", "option");
      option.dataset.value = item.label;
      const label = document.createElement("span");
      label.textContent = item.label;
      const hint = document.createElement("small");
      hint.textContent = item.hint || "";
      option.appendChild(label);
      option.appendChild(hint);
      list.appendChild(option);
    });
    list.hidden = items.length === 0;
    input.setAttribute("aria-expanded", String(items.length > 0));
    place();
    // A text without a space cannot be an address and a name yet, so Enter may take the first choice for it.
    const text = input.value.trim();
    mark(items.length && text && text.indexOf(" ") < 0 ? 0 : -1);
  }

  function ask(delay) {
    window.clearTimeout(waiting);
    const mine = (asked += 1);
    const field = input;
    waiting = window.setTimeout(function () {
      source(field).then(function (items) {
        if (mine === asked && document.activeElement === field) show(items);
      }).catch(function () { /* without choices one simply types on */ });
    }, delay);
  }

  function pick(option) {
    const field = input;
    field.value = option.dataset.value;
    close();
    field.dispatchEvent(new Event("input", { bubbles: true }));
    close();
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }

  root.addEventListener("focusin", function (event) {
    if (!event.target.matches(selector)) return;
    input = event.target;
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", list.id);
    input.setAttribute("aria-expanded", "false");
    if (!input.value.trim()) ask(0);
  });
  root.addEventListener("focusout", function (event) { if (event.target === input) close(); });
  root.addEventListener("input", function (event) {
    if (event.target === input && !event.isComposing) ask(WAIT);
  });
  root.addEventListener("compositionend", function (event) { if (event.target === input) ask(WAIT); });

  // Before the keys of the row editor, which go on to the next field.
  root.addEventListener("keydown", function (event) {
    if (event.target !== input || event.isComposing || event.keyCode === 229) return;
    const found = options();
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      event.stopPropagation();
      if (list.hidden) return ask(0);
      const step = event.key === "ArrowDown" ? 1 : -1;
      mark((active + step + (active < 0 && step < 0 ? 1 : 0) + found.length) % found.length);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      event.stopPropagation();
      close();
    } else if ((event.key === "Enter" && !event.ctrlKey && !event.metaKey) || event.key === "Tab") {
      if (!list.hidden && found[active]) pick(found[active]);
      else close();
    }
  }, true);
  // Before the field loses its focus.
  list.addEventListener("mousedown", function (event) {
    const option = event.target.closest("[role=option]");
    event.preventDefault();
    if (option) pick(option);
  });
};
