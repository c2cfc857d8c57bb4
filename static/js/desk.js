// The queue by keyboard, and what is selected. Everything here is also reachable by Tab and without script.
(() => {
  const list = () => document.getElementById("phieu-danh-sach");
  const rows = () => [...(list()?.querySelectorAll(".rowitem") ?? [])];
  const link = (row) => row.querySelector(".t");
  const pane = () => document.getElementById("phieu");
  const boxes = () => [...(list()?.querySelectorAll("input[type=checkbox]") ?? [])];
  const writing = (node) => node instanceof Element && node.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");

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

  // What changed without a new page, for those who hear it: a region that is never replaced.
  const say = (...parts) => {
    const heard = document.getElementById("nghe");
    if (heard) heard.textContent = parts.map((part) => part?.textContent?.trim()).filter(Boolean).join(". ");
  };

  // --- what is selected -----------------------------------------------------------------------
  const count = () => {
    const bar = document.querySelector("[data-bulk]");
    if (!bar) return;
    const all = bar.querySelector("[data-bulk-all]")?.checked ?? false;
    const chosen = boxes().filter((box) => box.checked).length;
    const page = bar.querySelector("[data-bulk-page]");
    const label = bar.querySelector("[data-bulk-page-label]");
    label.hidden = false;
    page.checked = chosen > 0 && chosen === boxes().length;
    page.indeterminate = chosen > 0 && chosen < boxes().length;
    bar.classList.toggle("on", all || chosen > 0);
    const words = bar.querySelector("[data-bulk-count]");
    words.textContent = all ? words.dataset.all : chosen ? words.dataset.words.replace("{n}", chosen) : "";
  };

  document.addEventListener("change", (event) => {
    if (event.target.matches?.("[data-bulk-page]")) boxes().forEach((box) => { box.checked = event.target.checked; });
    if (event.target.closest?.("#chon-phieu")) count();
  });

  // --- the preview ----------------------------------------------------------------------------
  const closePane = () => {
    if (!pane()?.firstElementChild) return false;
    const row = rows().find((one) => one.hasAttribute("aria-current"));
    pane().replaceChildren();
    row?.removeAttribute("aria-current");
    const address = new URL(location.href);
    address.searchParams.delete("mo");
    history.replaceState(history.state, "", address);
    if (row) link(row).focus();
    return true;
  };

  const edit = () => {
    const field = pane()?.querySelector(".actions-of select, .actions-of textarea, .actions-of button");
    if (!field) return false;
    field.focus();
    field.scrollIntoView({ block: "center" });
    return true;
  };

  let editNext = false;
  const editCurrent = () => {
    const row = current();
    if (row?.hasAttribute("aria-current") || !row) { edit(); return; }
    editNext = true;
    link(row).click();
  };

  // --- keys -----------------------------------------------------------------------------------
  const keys = {
    j: () => go(1),
    k: () => go(-1),
    x: () => current()?.querySelector("input[type=checkbox]")?.click(),
    e: editCurrent,
    o: () => { const row = current(); if (row) location.assign(link(row).href); },
    "/": () => { const box = document.getElementById("tim"); box?.focus(); box?.select(); },
    "?": () => document.getElementById("phim")?.showModal(),
    Escape: () => closePane(),
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || document.querySelector("dialog[open]")) return;
    if (writing(event.target)) {
      if (event.key !== "Escape") return;
      if (event.target.id === "tim") { event.target.blur(); go(0); }
      else if (event.target.closest("#phieu")) { event.preventDefault(); go(0); }
      return;
    }
    const act = keys[event.key];
    if (!act) return;
    if (event.key !== "Escape") event.preventDefault();
    act();
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-pane-back]") && closePane()) event.preventDefault();
  });

  // A second press of a button that starts work is not sent.
  document.addEventListener("submit", (event) => {
    const button = event.target.querySelector?.("[data-once]");
    if (button?.disabled) event.preventDefault();
    else if (button) setTimeout(() => { button.disabled = true; });
  });

  // Empty fields say nothing: the address stays short.
  document.addEventListener("htmx:configRequest", (event) => {
    const { parameters, elt } = event.detail;
    if (elt.id !== "loc") return;
    for (const name of Object.keys(parameters)) if (parameters[name] === "") delete parameters[name];
  });

  // The same list, drawn again after an action, stays where it was scrolled to, and what was ticked stays ticked.
  const listOf = (root) => root?.querySelector("#chon-phieu [name=tu]")?.value ?? null;
  let kept = null;
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target.id !== "noi-dung") return;
    kept = {
      list: listOf(document),
      top: document.getElementById("danh-sach")?.scrollTop ?? 0,
      ticked: new Set(boxes().filter((box) => box.checked).map((box) => box.value)),
      field: document.activeElement?.closest("#loc") ? document.activeElement.id : "",
    };
  });

  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id === "phieu") {
      const asker = event.detail.requestConfig?.elt?.closest?.(".rowitem");
      // The row whose submission is in the preview is marked as soon as it is there.
      if (asker) {
        rows().forEach((row) => row.toggleAttribute("aria-current", false));
        asker.setAttribute("aria-current", "true");
      }
      document.getElementById("xem-truoc")?.scrollTo(0, 0);
      say(pane().querySelector("h2.title"));
      const wrong = pane().querySelector(".summary, [aria-invalid=true]");
      if (editNext) edit();
      else if (wrong) wrong.focus();
      editNext = false;
    }
    count();
  });

  document.addEventListener("htmx:afterSettle", () => {
    if (!kept) return;
    if (kept.list !== null && kept.list === listOf(document)) {
      document.getElementById("danh-sach").scrollTop = kept.top;
      for (const box of boxes()) box.checked ||= kept.ticked.has(box.value);
    }
    const field = kept.field && document.getElementById(kept.field);
    const row = rows().find((one) => one.hasAttribute("aria-current"));
    // Only a focus that the swap took away is given back: a key may have moved it on since.
    if (document.activeElement === document.body) (field || (row && link(row)))?.focus({ preventScroll: true });
    kept = null;
    count();
    say(document.getElementById("thong-bao"), document.getElementById("so-phieu"));
  });

  document.addEventListener("DOMContentLoaded", count);
  addEventListener("pageshow", count);
})();
