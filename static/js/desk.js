// The queue by keyboard. Everything here is also reachable by Tab and without script.
(() => {
  const list = () => document.getElementById("phieu-danh-sach");
  const rows = () => [...(list()?.querySelectorAll(".rowitem") ?? [])];
  const link = (row) => row.querySelector(".t");
  const pane = () => document.getElementById("phieu");
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

  // What went wrong, or cannot be: seen and heard until something else is done.
  const tell = (what) => {
    const place = document.getElementById("nhac");
    const words = what ? place.dataset[what] : "";
    if (place.textContent !== words) place.textContent = words;
  };

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

  const read = () => pane()?.querySelector("h2.title")?.focus();

  const edit = () => {
    if (!pane()?.firstElementChild) return;
    const field = pane().querySelector(".actions-of select, .actions-of textarea, .actions-of button");
    if (!field) { tell("nothing"); return; }
    field.focus();
    field.scrollIntoView({ block: "center" });
  };

  let then = null;  // what to do in the preview that is on its way
  const inPane = (act) => {
    const row = current();
    if (!row || row.hasAttribute("aria-current")) { act(); return; }
    then = act;
    link(row).click();
  };

  // --- keys -----------------------------------------------------------------------------------
  const keys = {
    j: () => go(1),
    k: () => go(-1),
    x: () => current()?.querySelector("input[type=checkbox]")?.click(),
    p: () => inPane(read),
    e: () => inPane(edit),
    o: () => { const row = current(); if (row) location.assign(link(row).href); },
    b: () => document.querySelector(".bulk .deeds button")?.focus(),
    "/": () => { const box = document.getElementById("tim"); box?.focus(); box?.select(); },
    "?": () => showKeys(),
    Escape: () => closePane(),
  };

  const showKeys = () => {
    document.getElementById("phim-chu").checked = letters();
    document.getElementById("phim").showModal();
  };

  // Keys of one sign can be turned off (WCAG 2.1.4), for who speaks to the machine or slips.
  const OFF = "phim-tat";
  const letters = () => localStorage.getItem(OFF) === null;

  // A choice by pointer is asked for at once. By keys an arrow is none yet (WCAG 3.2.2): Enter makes it, or a button.
  let byKeys = false;
  const chosen = (select) => (select.querySelector("option[selected]") ?? select.options[0]).value !== select.value;
  document.addEventListener("pointerdown", () => { byKeys = false; }, true);
  document.addEventListener("keydown", () => { byKeys = true; tell(""); }, true);
  document.addEventListener("change", (event) => {
    if (event.target.matches?.("#phim-chu")) event.target.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "1");
    if (event.target.matches?.("#loc select") && !byKeys) event.target.form.requestSubmit();
  });

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || document.querySelector("dialog[open]")) return;
    if (event.key === "Enter" && event.target.matches?.("#loc select") && chosen(event.target)) {
      event.preventDefault();
      event.target.form.requestSubmit();
      return;
    }
    if (writing(event.target)) {
      if (event.key !== "Escape") return;
      if (event.target.id === "tim") { event.target.blur(); go(0); }
      else if (event.target.closest("#phieu")) { event.preventDefault(); go(0); }
      return;
    }
    const act = document.getElementById("loc") && keys[event.key];
    if (!act || (event.key !== "Escape" && !letters())) return;
    if (event.key !== "Escape") event.preventDefault();
    act();
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-pane-back]") && closePane()) event.preventDefault();
    if (event.target.closest?.("[data-keys]")) showKeys();
  });

  // Empty fields say nothing: the address stays short.
  document.addEventListener("htmx:configRequest", (event) => {
    const { parameters, elt } = event.detail;
    if (elt.id !== "loc") return;
    for (const name of Object.keys(parameters)) if (parameters[name] === "") delete parameters[name];
  });

  // What loads by itself has no event, and takes nothing back.
  document.addEventListener("htmx:beforeRequest", ({ detail }) => { if (detail.requestConfig.triggeringEvent) tell(""); });
  document.addEventListener("htmx:responseError", () => { then = null; tell("failed"); });
  document.addEventListener("htmx:sendError", () => { then = null; tell("away"); });

  // --- the place in a list --------------------------------------------------------------------
  // A list that is drawn again, after an action or on the way back, is where it was, and so is the focus.
  const PLACES = "cho", MOST_PLACES = 20;
  const listNow = () => document.querySelector("#chon-phieu [name=tu]")?.value ?? null;
  const places = () => JSON.parse(sessionStorage.getItem(PLACES) ?? "{}");
  const scroller = () => document.getElementById("danh-sach");

  const leave = () => {
    const name = listNow();
    if (name === null) return;
    const place = { top: scroller().scrollTop, row: current()?.querySelector("input")?.value };
    const { [name]: _, ...others } = places();
    const kept = [...Object.entries(others), [name, place]].slice(-MOST_PLACES);
    sessionStorage.setItem(PLACES, JSON.stringify(Object.fromEntries(kept)));
  };

  const comeBack = (place) => {
    scroller().scrollTop = place.top;
    const row = rows().find((one) => one.hasAttribute("aria-current"))
      ?? rows().find((one) => one.querySelector("input").value === place.row);
    if (row && document.activeElement === document.body) link(row).focus({ preventScroll: true });
  };

  addEventListener("pagehide", leave);
  document.addEventListener("DOMContentLoaded", () => {
    const place = listNow() !== null && places()[listNow()];
    const anew = performance.getEntriesByType("navigation")[0]?.type === "navigate";
    if (place && !anew) comeBack(place);
  });

  let before = null;
  const chips = () => [...document.querySelectorAll(".filters .chip")];
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target.id !== "noi-dung") return;
    leave();
    const focused = document.activeElement;
    before = {
      list: listNow(),
      field: scroller().contains(focused) ? focused.id : "",
      chip: chips().indexOf(focused.closest(".filters li")?.querySelector(".chip")),
    };
  });

  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id !== "phieu") return;
    const asker = event.detail.requestConfig?.elt?.closest?.(".rowitem");
    // The row whose submission is in the preview is marked as soon as it is there.
    if (asker) {
      rows().forEach((row) => row.toggleAttribute("aria-current", false));
      asker.setAttribute("aria-current", "true");
    }
    document.getElementById("xem-truoc")?.scrollTo(0, 0);
    say(pane().querySelector("h2.title"));
    const wrong = pane().querySelector(".summary, [aria-invalid=true]");
    if (then) then();
    else if (wrong) wrong.focus();
    then = null;
  });

  document.addEventListener("htmx:afterSettle", () => {
    if (!before) return;
    const { list: was, field, chip } = before;
    before = null;
    if (was !== null && was === listNow()) comeBack(places()[was]);
    // Only a focus that the swap took away is given back: a key may have moved it on since.
    if (document.activeElement === document.body) {
      const left = chip < 0 ? null : chips()[Math.min(chip, chips().length - 1)];
      const row = rows().find((one) => one.hasAttribute("aria-current")) ?? rows()[0];
      (document.getElementById(field) ?? left ?? (row ? link(row) : document.getElementById("noi-dung"))).focus();
    }
    say(document.getElementById("thong-bao"), document.getElementById("so-phieu"));
  });
})();
