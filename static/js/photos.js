// Photos on the page on which a visit is written: dropped, pasted or picked, sent one by one, each with its progress
// and each tried again alone; captions saved as they are typed. Without it the plain form does. For Chromium 80.
(function () {
  "use strict";

  const SAVE_AFTER = 800;
  if (!section()) return;

  const queue = []; // {file, row, state} in the order in which they were chosen
  const list = document.createElement("ul");
  list.className = "uploads";
  const typed = new Map(); // id of a caption's input: text that is not stored yet
  let timer = null;

  function section() { return document.getElementById("photos"); }
  function token() { return document.querySelector('input[name="csrfmiddlewaretoken"]').value; }
  function words(what) { return section().querySelector('template[data-photo-say="' + what + '"]').content.textContent; }

  // Resolves to {status, answer} with the parsed JSON; answer is null when it was none, status 0 without connection.
  function send(url, data, progress) {
    return new Promise(function (resolve) {
      const request = new XMLHttpRequest();
      request.open("POST", url);
      request.setRequestHeader("Accept", "application/json");
      request.setRequestHeader("X-CSRFToken", token());
      if (progress) request.upload.addEventListener("progress", progress);
      request.addEventListener("loadend", function () {
        let answer = null;
        try { answer = JSON.parse(request.responseText); } catch (error) { /* a page, or nothing */ }
        resolve({ status: request.status, answer: answer });
      });
      request.send(data);
    });
  }

  function reason(result) {
    if (!result.status) return "lost";
    return result.status === 403 || result.status < 400 ? "session" : "failed";
  }

  // --- the section, put in anew without losing what is being typed --------------------------------------------

  function show(html) {
    const holder = document.createElement("template");
    holder.innerHTML = html.trim();
    const fresh = holder.content.firstElementChild;
    const focused = document.activeElement;
    const id = section().contains(focused) ? focused.id : "";
    const caret = id && focused.type === "text" ? focused.selectionStart : null;
    section().replaceWith(fresh);
    window.htmx.process(fresh);
    settle();
    const again = id && document.getElementById(id);
    if (again) {
      again.focus();
      if (caret !== null) again.setSelectionRange(caret, caret);
    }
    document.body.dispatchEvent(new CustomEvent("htmx:afterSettle", { detail: { elt: fresh } }));
  }

  function settle() {
    const place = section().querySelector("[data-uploads]");
    if (list.parentNode !== place) place.appendChild(list);
    typed.forEach(function (text, id) {
      const input = document.getElementById(id);
      if (input) input.value = text;
      else typed.delete(id);
    });
    const hint = section().querySelector("[data-photo-hint]");
    if (hint) hint.hidden = false;
  }
  document.body.addEventListener("htmx:afterSwap", function () { if (section()) settle(); });

  // --- sending -------------------------------------------------------------------------------------------------

  function state(item, name, error) {
    item.state = name;
    item.row.dataset.state = name;
    item.row.querySelector("[data-upload-error]").textContent = error || "";
  }

  function add(files) {
    Array.from(files).forEach(function (file) {
      const row = section().querySelector("template[data-upload]").content.firstElementChild.cloneNode(true);
      const item = { file: file, row: row, state: "waiting", waits: false };
      row.querySelector("[data-upload-name]").textContent = file.name;
      row.querySelector("[data-upload-name]").title = file.name;
      row.querySelector("[data-upload-retry]").addEventListener("click", function () { state(item, "waiting"); next(); });
      row.querySelector("[data-upload-dismiss]").addEventListener("click", function () { leave(item); });
      queue.push(item);
      list.appendChild(row);
    });
    next();
  }

  function leave(item) {
    queue.splice(queue.indexOf(item), 1);
    item.row.remove();
  }

  function next() {
    if (queue.some(function (item) { return item.state === "sending"; })) return;
    const item = queue.find(function (one) { return one.state === "waiting"; });
    if (!item) return;
    if (item.file.size > Number(section().dataset.photoBytes)) {
      fail(item, words("large"));
    } else if (!Number(section().dataset.photosLeft)) {
      fail(item, words("many"));
    } else {
      upload(item);
    }
  }

  function fail(item, message) {
    state(item, "failed", message);
    next();
  }

  function upload(item) {
    const data = new FormData();
    data.append("photos", item.file, item.file.name);
    state(item, "sending");
    const bar = item.row.querySelector("[data-upload-bar]");
    send(section().dataset.photosUrl, data, function (event) {
      if (event.lengthComputable) bar.value = 100 * event.loaded / event.total;
    }).then(function (result) {
      item.waits = !result.status;
      if (result.status === 200 && result.answer) {
        leave(item);
        show(result.answer.section);
        next();
      } else if (result.answer && result.answer.errors) {
        // The name stands in the row already.
        fail(item, result.answer.errors.join(" ").split(item.file.name + ": ").join(""));
      } else {
        // The shell says that the connection is lost, and tells when it is back.
        if (item.waits) document.body.dispatchEvent(new CustomEvent("htmx:sendError"));
        fail(item, words(reason(result)));
      }
    });
  }

  document.body.addEventListener("xinjin:reconnected", function () {
    queue.forEach(function (item) { if (item.waits && item.state === "failed") state(item, "waiting"); });
    next();
    save();
  });
  window.addEventListener("beforeunload", function (event) {
    if (!queue.some(function (item) { return item.state !== "failed"; })) return;
    event.preventDefault();
    event.returnValue = "";
  });

  // --- picked, dropped, pasted ---------------------------------------------------------------------------------

  document.addEventListener("change", function (event) {
    if (event.target.id !== "id_photos" || !event.target.files.length) return;
    event.stopPropagation();
    add(event.target.files);
    event.target.value = ""; // or the form would send them a second time
  }, true);

  function carriesFiles(event) {
    return event.dataTransfer && Array.from(event.dataTransfer.types).indexOf("Files") >= 0;
  }
  function over(is) {
    const place = section().querySelector("[data-photo-drop]");
    if (place) place.classList.toggle("is-over", is);
  }
  // Anywhere on the page, because a picture dropped beside the field would otherwise replace the page.
  document.addEventListener("dragover", function (event) {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    over(true);
  });
  document.addEventListener("dragleave", function (event) { if (!event.relatedTarget) over(false); });
  document.addEventListener("drop", function (event) {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    over(false);
    add(event.dataTransfer.files);
  });
  document.addEventListener("paste", function (event) {
    const files = Array.from(event.clipboardData.files).filter(function (file) { return file.type.indexOf("image/") === 0; });
    // Office programs paste a picture of the text beside the text: then the text is meant.
    if (!files.length || event.clipboardData.getData("text/plain")) return;
    event.preventDefault();
    add(files);
  });

  // --- captions ------------------------------------------------------------------------------------------------

  document.addEventListener("input", function (event) {
    if (!event.target.matches("[data-caption]")) return;
    typed.set(event.target.id, event.target.value);
    window.clearTimeout(timer);
    timer = window.setTimeout(save, SAVE_AFTER);
  });
  document.addEventListener("focusout", function (event) {
    if (event.target.matches("[data-caption]")) save();
  });

  function save() {
    window.clearTimeout(timer);
    typed.forEach(function (text, id) {
      const input = document.getElementById(id);
      if (input) store(input, text);
    });
  }

  function store(input, text) {
    const seen = input.parentNode.querySelector('input[type="hidden"]');
    const data = new FormData();
    data.append("caption", text);
    data.append("seen", seen.value);
    send(input.dataset.caption, data).then(function (result) {
      const now = document.getElementById(input.id);
      const known = now && now.parentNode.querySelector('input[type="hidden"]');
      if (result.status === 200 && result.answer && known) {
        known.value = text.trim();
        if (typed.get(input.id) === text) typed.delete(input.id);
        complain(now, "");
      } else if (result.answer && result.answer.errors && now) {
        // Both texts are told; to write on is to decide for one's own.
        if ("stored" in result.answer) known.value = result.answer.stored;
        typed.delete(input.id);
        complain(now, result.answer.errors.join(" "));
      } else if (!result.status) {
        document.body.dispatchEvent(new CustomEvent("htmx:sendError"));
      } else if (now) {
        complain(now, words(reason(result)));
      }
    });
  }

  function complain(input, message) {
    let note = input.parentNode.querySelector(".field__errors");
    if (!note && message) {
      note = document.createElement("span");
      note.className = "field__errors";
      note.setAttribute("role", "alert");
      input.insertAdjacentElement("afterend", note);
    }
    if (note) note.textContent = message;
    input.setAttribute("aria-invalid", String(Boolean(message)));
  }

  settle();
})();
