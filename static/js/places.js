// Suggestions for the commune field: typing a few letters, old names included. Without script the server matches.
const field = document.getElementById("id_commune");
const province = document.getElementById("id_province");
if (field) {
  const list = document.createElement("datalist");
  list.id = "goi-y-xa";
  field.after(list);
  field.setAttribute("list", list.id);
  field.setAttribute("autocomplete", "off");
  let timer, last = "";
  const known = new Map();
  field.addEventListener("input", () => {
    const picked = known.get(field.value);
    if (picked && province) province.value = picked;
    clearTimeout(timer);
    timer = setTimeout(suggest, 180);
  });
  async function suggest() {
    const typed = field.value.trim();
    if (typed.length < 2 || typed === last) return;
    last = typed;
    const prefix = location.pathname.startsWith("/en/") ? "/en" : "";
    const answer = await fetch(`${prefix}/dia-ban/?q=${encodeURIComponent(typed)}`).catch(() => null);
    if (!answer || !answer.ok || field.value.trim() !== typed) return;
    const places = await answer.json();
    list.replaceChildren(...places.map((place) => {
      const option = document.createElement("option");
      option.value = place.name;
      option.label = place.was ? `${place.province} (${place.was})` : place.province;
      known.set(place.name, place.code);
      return option;
    }));
  }
}
