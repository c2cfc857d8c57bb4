// The queue by keyboard, and what is selected. Everything here is also reachable by Tab and without script.
(() => {
  const list = () => document.getElementById("phieu-danh-sach");
  const rows = () => [...(list()?.querySelectorAll(".rowitem") ?? [])];
  const link = (row) => row.querySelector(".t");
  const writing = (node) => node instanceof Element && node.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");

  const here = () => {
    const all = rows();
    const focused = all.indexOf(document.activeElement?.closest(".rowitem"));
    return focused >= 0 ? focused : all.findIndex((row) => row.hasAttribute("aria-current"));
  };

  const go = (step) => {
    const all = rows();
    if (!all.length) return;
    const at = here();
    const next = all[Math.min(all.length - 1, Math.max(0, at < 0 ? 0 : at + step))];
    link(next).focus();
    next.scrollIntoView({ block: "nearest" });
  };

  const current = () => rows()[here()];

  const count = () => {
    const bar = document.querySelector("[data-bulk]");
    if (!bar) return;
    const chosen = list()?.querySelectorAll("input:checked").length ?? 0;
    bar.hidden = !chosen;
    bar.classList.toggle("on", chosen > 0);
    const words = bar.querySelector("[data-bulk-count]");
    words.textContent = chosen ? words.dataset.words.replace("{n}", chosen) : "";
  };

  const closePane = () => {
    const pane = document.getElementById("phieu");
    if (!pane?.firstElementChild) return false;
    const row = rows().find((one) => one.hasAttribute("aria-current"));
    pane.replaceChildren();
    row?.removeAttribute("aria-current");
    const address = new URL(location.href);
    address.searchParams.delete("mo");
    history.replaceState(history.state, "", address);
    if (row) link(row).focus();
    return true;
  };

  const keys = {
    j: () => go(1),
    k: () => go(-1),
    x: () => current()?.querySelector("input[type=checkbox]")?.click(),
    o: () => { const row = current(); if (row) location.assign(link(row).href); },
    "/": () => { const box = document.getElementById("tim"); box?.focus(); box?.select(); },
    "?": () => document.getElementById("phim")?.showModal(),
    Escape: () => closePane(),
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || document.querySelector("dialog[open]")) return;
    if (writing(event.target)) {
      if (event.key === "Escape" && event.target.id === "tim") { event.target.blur(); go(0); }
      return;
    }
    const act = keys[event.key];
    if (!act) return;
    if (event.key !== "Escape") event.preventDefault();
    act();
  });

  document.addEventListener("change", (event) => {
    if (event.target.matches?.(".rowitem input[type=checkbox]")) count();
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-bulk-clear]")) {
      list()?.querySelectorAll("input:checked").forEach((box) => { box.checked = false; });
      count();
    }
    if (event.target.closest?.("[data-pane-back]") && closePane()) event.preventDefault();
  });

  // Empty fields say nothing: the address stays short.
  document.addEventListener("htmx:configRequest", (event) => {
    const { parameters, elt } = event.detail;
    if (elt.id !== "loc") return;
    for (const name of Object.keys(parameters)) if (parameters[name] === "") delete parameters[name];
  });

  // Open filters stay open while one is chosen after the other.
  let filtersOpen = false;
  document.addEventListener("htmx:beforeSwap", () => { filtersOpen = document.getElementById("bo-loc")?.open ?? false; });

  // The row whose submission is in the preview is marked as soon as it is there.
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id === "phieu") {
      const asker = event.detail.requestConfig?.elt?.closest?.(".rowitem");
      if (asker) {
        rows().forEach((row) => row.toggleAttribute("aria-current", false));
        asker.setAttribute("aria-current", "true");
      }
      document.getElementById("xem-truoc")?.scrollTo(0, 0);
    }
    if (filtersOpen && event.target.id === "noi-dung") document.getElementById("bo-loc").open = true;
    count();
  });

  addEventListener("pageshow", count);
})();
