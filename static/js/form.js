/* Help with long forms. Everything works without it: it counts, keeps a draft on this device,
   lists the chosen files, stops a second press, and takes the reader to what must be corrected. */

const WEEK = 7 * 24 * 3600 * 1000;
const language = document.documentElement.lang || "vi";
const number = new Intl.NumberFormat(language);
const length = (text) => [...text.normalize("NFC")].length;
const two = (n) => String(n).padStart(2, "0");
const clock = (date) => `${two(date.getHours())}:${two(date.getMinutes())}`;
const moment = (date) => `${clock(date)} ${two(date.getDate())}/${two(date.getMonth() + 1)}`;

/* localStorage may be forbidden or full: a draft is a kindness, never a failure. */
const store = {
  get(key) { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } },
  set(key, value) { try { localStorage.setItem(key, JSON.stringify(value)); return true; } catch { return false; } },
  drop(key) { try { localStorage.removeItem(key); } catch { /* nothing to drop */ } },
};

function later(task, delay) {
  let timer;
  return () => { clearTimeout(timer); timer = setTimeout(task, delay); };
}

function counter(place) {
  const field = document.getElementById(place.dataset.counter);
  if (!field) return;
  const max = Number(place.dataset.max);
  /* A browser cuts a pasted text at maxlength without a word; better to say how much is too much. */
  field.removeAttribute("maxlength");
  const show = () => {
    const used = length(field.value);
    const over = used > max;
    place.textContent = `${number.format(used)} / ${number.format(max)}${over ? `: ${place.dataset.over}` : ""}`;
    place.classList.toggle("over", over);
    /* Spoken only when the end is near. */
    if (used > max * 0.9) place.setAttribute("role", "status"); else place.removeAttribute("role");
  };
  field.addEventListener("input", show);
  show();
}

function draft(form) {
  const key = `draft:${form.dataset.draft}`;
  const fields = form.dataset.draftFields.split(/\s+/).flatMap((name) => [...form.querySelectorAll(`[name="${CSS.escape(name)}"]`)]);
  const note = form.querySelector("[data-draft-note]");
  const words = form.querySelector("[data-draft-words]")?.dataset ?? {};
  const state = form.querySelector("[data-draft-state]");
  const say = (text) => { if (state) state.textContent = text; };
  const isChoice = (field) => field.type === "radio" || field.type === "checkbox";
  const read = () => Object.fromEntries(fields.filter((field) => (isChoice(field) ? field.checked : field.value.trim())).map((field) => [field.name, field.value]));
  const save = later(() => {
    const values = read();
    if (!Object.keys(values).length) { store.drop(key); say(""); return; }
    const at = Date.now();
    if (store.set(key, { at, values })) say(`${words.saved ?? ""} ${clock(new Date(at))}`);
  }, 700);

  const kept = store.get(key);
  if (kept && Date.now() - kept.at > WEEK) store.drop(key);
  else if (kept) {
    /* What the server sent back is newer than the draft: only empty fields are filled. */
    const filled = fields.filter((field) => {
      const value = kept.values[field.name];
      if (value === undefined) return false;
      if (isChoice(field)) {
        if (fields.some((other) => other.name === field.name && other.checked) || field.value !== value) return false;
        field.checked = true;
        return true;
      }
      if (field.value.trim() || !value) return false;
      field.value = value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      return true;
    });
    if (filled.some((field) => !isChoice(field)) && note) {
      const when = note.querySelector("[data-draft-when]");
      if (when) when.textContent = `(${moment(new Date(kept.at))})`;
      note.hidden = false;
      note.querySelector("[data-draft-forget]")?.addEventListener("click", () => {
        store.drop(key);
        for (const field of filled) {
          if (isChoice(field)) field.checked = false; else field.value = "";
          field.dispatchEvent(new Event("input", { bubbles: true }));
        }
        note.hidden = true;
        say(words.gone ?? "");
        filled[0].focus();
      });
    }
  }
  for (const field of fields) { field.addEventListener("input", save); field.addEventListener("change", save); }
}

function files(list) {
  const input = document.getElementById(list.dataset.files);
  if (!input) return;
  const limit = Number(list.dataset.maxMb || 0) * 1024 * 1024;
  const tooBig = (file) => limit > 0 && file.size > limit;
  const size = (bytes) => (bytes < 1024 * 1024 ? `${number.format(Math.max(1, Math.round(bytes / 1024)))} KB` : `${new Intl.NumberFormat(language, { maximumFractionDigits: 1 }).format(bytes / 1024 / 1024)} MB`);
  const without = (index) => {
    const rest = new DataTransfer();
    [...input.files].forEach((file, at) => { if (at !== index) rest.items.add(file); });
    input.files = rest.files;
    show();
    input.focus();
  };
  const show = () => {
    list.replaceChildren(...[...input.files].map((file, index) => {
      const row = document.createElement("li");
      const name = document.createElement("b");
      const result = document.createElement("span");
      const remove = document.createElement("button");
      name.textContent = file.name;
      result.className = tooBig(file) ? "is-bad" : "soft";
      result.textContent = `${size(file.size)}, ${tooBig(file) ? list.dataset.tooBig : list.dataset.ready}`;
      remove.type = "button";
      remove.className = "btn quiet sm end";
      remove.textContent = list.dataset.remove;
      remove.setAttribute("aria-label", `${list.dataset.remove}: ${file.name}`);
      remove.addEventListener("click", () => without(index));
      row.append(name, result, remove);
      return row;
    }));
    list.hidden = !input.files.length;
  };
  list.setAttribute("aria-live", "polite");
  input.addEventListener("change", show);
  /* Do not spend someone's data on a file that will be refused. */
  input.form?.addEventListener("submit", (event) => {
    if ([...input.files].some(tooBig)) { event.preventDefault(); event.stopImmediatePropagation(); input.focus(); }
  });
  show();
}

function once(form) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    /* Not `disabled`: the pressed button's own name and value must still be sent. */
    const button = event.submitter;
    if (!button) return;
    button.setAttribute("aria-disabled", "true");
    if (button.dataset.busy) { button.dataset.idle = button.textContent; button.textContent = button.dataset.busy; }
  });
  /* Back from the next page: the form may be sent again. */
  addEventListener("pageshow", () => {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("[aria-disabled=true]")) {
      button.removeAttribute("aria-disabled");
      if (button.dataset.idle) button.textContent = button.dataset.idle;
    }
  });
}

for (const mark of document.querySelectorAll("[data-draft-clear]")) store.drop(`draft:${mark.dataset.draftClear}`);
document.querySelectorAll("[data-files]").forEach(files);
document.querySelectorAll("form[method=post]").forEach(once);
document.querySelectorAll("form[data-draft]").forEach(draft);
document.querySelectorAll("[data-counter]").forEach(counter);
document.querySelector("[data-error-summary]")?.focus();
