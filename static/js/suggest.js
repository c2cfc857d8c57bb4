/* Suggestions under a search box, after the "editable combobox with list autocomplete" of the ARIA practices:
   arrows move, Enter takes, Escape closes; what is typed is never changed. Without script the box is a plain form. */

const PAUSE = 120;

function combobox(input) {
  const { suggest: url, suggestLabel: label, suggestCount: count } = input.dataset;
  const list = document.createElement("ul");
  const status = document.createElement("p");
  let options = [], current = -1, asked = "", timer, wait;
  list.id = `${input.id}-goi-y`;
  list.className = "suggestions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", label);
  status.className = "sr";
  status.setAttribute("role", "status");
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-expanded", "false");
  input.parentElement.append(list, status);

  const close = () => {
    list.hidden = true;
    mark(-1);
    input.setAttribute("aria-expanded", "false");
  };
  const mark = (at) => {
    list.children[current]?.setAttribute("aria-selected", "false");
    current = at;
    const chosen = list.children[current];
    if (!chosen) { input.removeAttribute("aria-activedescendant"); return; }
    chosen.setAttribute("aria-selected", "true");
    chosen.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", chosen.id);
  };
  const take = (at) => { close(); location.assign(options[at].url); };
  const show = (found) => {
    options = found;
    list.replaceChildren(...found.map((one, at) => {
      const item = document.createElement("li");
      const words = document.createElement("span");
      const kind = document.createElement("span");
      item.id = `${list.id}-${at}`;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      words.textContent = one.text;
      kind.textContent = one.kind;
      kind.className = "small soft";
      item.append(words, kind);
      /* Not click: the box would lose the focus first, and the list with it. */
      item.addEventListener("pointerdown", (event) => event.preventDefault());
      item.addEventListener("click", () => take(at));
      return item;
    }));
    current = -1;
    input.removeAttribute("aria-activedescendant");
    list.hidden = !found.length;
    input.setAttribute("aria-expanded", String(found.length > 0));
    status.textContent = found.length ? count.replace("{n}", found.length) : "";
  };
  const ask = async () => {
    const typed = input.value.trim();
    if (typed === asked && !list.hidden) return;
    asked = typed;
    wait?.abort();
    if (typed.length < 2) { show([]); return; }
    wait = new AbortController();
    const answer = await fetch(`${url}?q=${encodeURIComponent(typed)}`, { signal: wait.signal }).catch(() => null);
    if (!answer?.ok) return;
    const found = await answer.json().catch(() => []);
    if (input.value.trim() === typed && document.activeElement === input) show(found);
  };

  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, PAUSE); });
  input.addEventListener("blur", close);
  input.form.addEventListener("submit", close);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return; /* Telex and VNI finish a letter with Enter or arrows too */
    const last = options.length - 1;
    if (event.key === "Escape" && !list.hidden) { close(); event.preventDefault(); }
    else if (event.key === "Enter" && current >= 0) { take(current); event.preventDefault(); }
    else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && options.length) {
      event.preventDefault();
      if (list.hidden) { list.hidden = false; input.setAttribute("aria-expanded", "true"); }
      const step = event.key === "ArrowDown" ? 1 : -1;
      const next = current + step;
      mark(next > last ? -1 : next < -1 ? last : next);
    }
  });
}

document.querySelectorAll("[data-suggest]").forEach(combobox);
