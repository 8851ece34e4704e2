// The page of a briefing: texts of the library go in where the cursor stands; Ctrl and Enter saves.
(function () {
  "use strict";
  var form = document.querySelector("[data-briefing-form]");
  if (!form) { return; }
  var field = form.querySelector("[data-briefing-text]");
  var visited = false;  // until somebody has set the cursor, a text goes to the end
  field.addEventListener("focus", function () { visited = true; });

  function put() {
    field.focus();
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function insert(text) {
    var at = visited ? field.selectionEnd : field.value.length;
    var before = field.value.slice(0, at), after = field.value.slice(at);
    var lead = before && before.slice(-1) !== "\n" ? "\n" : "";
    var tail = after && after.charAt(0) !== "\n" ? "\n" : "";
    field.value = before + lead + text + tail + after;
    field.selectionStart = field.selectionEnd = before.length + lead.length + text.length;
    put();
  }

  Array.prototype.forEach.call(document.querySelectorAll("[data-insert]"), function (button) {
    button.hidden = false;
    button.addEventListener("click", function () {
      insert(button.parentNode.querySelector("[data-library-text]").textContent);
    });
  });

  var proposal = document.querySelector("[data-proposal]");
  var take = form.querySelector("[data-proposal-button]");
  if (proposal && take) {
    take.hidden = false;
    take.addEventListener("click", function () {
      field.value = proposal.content.textContent;
      put();
    });
  }

  form.addEventListener("keydown", function (event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.querySelector("[data-save]").click();
    }
  });
}());
