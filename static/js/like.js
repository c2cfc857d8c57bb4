/* While somebody writes: published answers like it, under the text. Quiet when there is none, never in the way.
   Telephone numbers and mail addresses do not leave the page; the server masks what is sent once more. */

const PAUSE = 900;
const ENOUGH = 30; /* characters */
const MOST = 4000;

const SECRET = /TUYỆT MẬT|TỐI MẬT|^\s*MẬT\s*$/m; /* what carries a marking is not sent anywhere */

const masked = (text) => text
  .replace(/\S+@\S+/g, " ")
  .replace(/\+?\d(?:[ .()-]?\d){7,}/g, " ");

for (const box of document.querySelectorAll("[data-like]")) {
  const form = box.closest("form");
  const fields = box.dataset.likeFields.split(" ").map((name) => form.elements[name]);
  const status = document.createElement("p");
  let asked = "", timer, wait, folded = false;
  status.className = "sr";
  status.setAttribute("role", "status");
  box.after(status);
  form.querySelector("[data-like-note]")?.removeAttribute("hidden");

  const ask = async () => {
    const text = masked(fields.map((field) => field.value.trim()).join("\n")).slice(0, MOST).trim();
    if (text.length < ENOUGH || text === asked || SECRET.test(text)) return;
    asked = text;
    wait?.abort();
    wait = new AbortController();
    const body = new URLSearchParams({ text, csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value });
    const answer = await fetch(box.dataset.like, { method: "POST", body, signal: wait.signal }).catch(() => null);
    if (!answer?.ok) return;
    const piece = answer.status === 200 ? await answer.text() : "";
    const shown = document.createElement("template");
    shown.innerHTML = piece;
    /* The same answers again: nothing moves, nothing is said. */
    const ids = (place) => [...place.querySelectorAll("button[value]")].map((button) => button.value).join();
    if (ids(shown.content) === ids(box) || box.contains(document.activeElement)) return;
    if (folded) shown.content.querySelector("details")?.removeAttribute("open");
    box.replaceChildren(shown.content);
    status.textContent = box.querySelector("summary")?.textContent ?? "";
  };

  box.addEventListener("toggle", (event) => { folded = !event.target.open; }, true);
  for (const field of fields) field.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, PAUSE); });
}
