// What is ticked: kept in this tab for each list, over its pages, a reload and the way back, until work begins with it.
(() => {
  const KEPT = "chon", BEGUN = "chon-lam", MOST_LISTS = 20;
  const form = () => document.getElementById("chon-phieu");
  const boxes = () => [...(form()?.querySelectorAll(".rowitem input[type=checkbox]") ?? [])];
  const all = () => form()?.querySelector("[data-bulk-all]")?.checked ?? false;

  const lists = () => JSON.parse(sessionStorage.getItem(KEPT) ?? "{}");
  const ticked = () => new Set(lists()[form()?.dataset.list] ?? []);
  const keep = (list, codes) => {
    const { [list]: _, ...others } = lists();
    const kept = Object.entries(codes.size ? { ...others, [list]: [...codes] } : others);
    sessionStorage.setItem(KEPT, JSON.stringify(Object.fromEntries(kept.slice(-MOST_LISTS))));
  };

  const count = () => {
    const bar = document.querySelector("[data-bulk]");
    if (!bar) return;
    const here = boxes().filter((box) => box.checked).length;
    const chosen = ticked().size;
    const page = bar.querySelector("[data-bulk-page]");
    bar.querySelector("[data-bulk-page-label]").hidden = false;
    bar.querySelector("[data-bulk-none]").hidden = !chosen;
    page.checked = here > 0 && here === boxes().length;
    page.indeterminate = here > 0 && here < boxes().length;
    bar.classList.toggle("on", all() || chosen > 0);
    const words = bar.querySelector("[data-bulk-count]");
    words.textContent = all() ? words.dataset.all : chosen ? words.dataset.words.replace("{n}", chosen) : "";
  };

  const draw = () => {
    const kept = ticked();
    for (const box of boxes()) box.checked = kept.has(box.value);
    count();
  };

  const note = () => {
    const kept = ticked();
    for (const box of boxes()) kept[box.checked ? "add" : "delete"](box.value);
    keep(form().dataset.list, kept);
    count();
  };

  document.addEventListener("change", (event) => {
    if (!event.target.closest?.("#chon-phieu")) return;
    if (event.target.matches("[data-bulk-page]")) boxes().forEach((box) => { box.checked = event.target.checked; });
    note();
  });

  document.addEventListener("click", (event) => {
    if (!event.target.closest?.("[data-bulk-none]")) return;
    keep(form().dataset.list, new Set());
    draw();
    form().querySelector("[data-bulk-page]").focus();
  });

  document.addEventListener("submit", (event) => {
    if (event.target === form()) {
      // Those of other pages go along.
      form().querySelectorAll("[data-elsewhere]").forEach((field) => field.remove());
      const here = new Set(boxes().map((box) => box.value));
      for (const code of all() ? [] : ticked()) {
        if (here.has(code)) continue;
        const field = Object.assign(document.createElement("input"), { type: "hidden", name: "chon", value: code });
        field.dataset.elsewhere = "";
        form().append(field);
      }
      if (event.submitter?.name === "viec") sessionStorage.setItem(BEGUN, form().dataset.list);
      return;
    }
    if (event.target.closest(".alike")) sessionStorage.removeItem(BEGUN);
    // A second press of a button that starts work is not sent.
    const button = event.target.querySelector?.("[data-once]");
    if (button?.disabled) event.preventDefault();
    else if (button) setTimeout(() => { button.disabled = true; });
  });

  document.addEventListener("htmx:afterSettle", draw);
  addEventListener("pageshow", () => {
    draw();
    document.querySelectorAll("[data-once]").forEach((button) => { button.disabled = false; });
    if (form()) sessionStorage.removeItem(BEGUN);  // back at the list: the work was not begun
    if (!document.getElementById("tien-do")) return;
    // The work has begun: its ticks are used up.
    keep(sessionStorage.getItem(BEGUN), new Set());
    sessionStorage.removeItem(BEGUN);
  });
})();
