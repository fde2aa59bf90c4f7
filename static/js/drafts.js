// What was typed is never lost: kept on this device per form, put back after a reload, dropped when it has arrived.
import { bind } from "./bind.js";

const NAME = (key) => `draft:${key}`;
const KEEP = 14 * 86400 * 1000;
const store = (() => { try { localStorage.setItem("draft:", ""); localStorage.removeItem("draft:"); return localStorage; } catch { return null; } })();

const keeps = (field) => field.name && !field.matches('[type=password], [type=file], [type=submit], [name=csrfmiddlewaretoken], [name=operation], [name=seen], [data-no-draft]');
const fields = (form) => [...form.elements].filter(keeps);

function save(form) {
  const entries = fields(form).map((f) => [f.name, f.matches("[type=checkbox], [type=radio]") ? [f.value, f.checked] : f.value]);
  try { store.setItem(NAME(form.dataset.draft), JSON.stringify({ at: Date.now(), entries })); } catch { /* full: the form still works */ }
}
function read(name) {
  try {
    const kept = JSON.parse(store.getItem(name));
    return kept && Date.now() - kept.at < KEEP ? { ...kept, name } : null;
  } catch { return null; }
}
// A form opened without what it was about finds the newest draft of its kind: a report begun from an article, say.
function newest({ dataset }) {
  const own = NAME(dataset.draft);
  const names = "draftKin" in dataset ? Object.keys(store).filter((name) => name.startsWith(`${own}-`)) : [];
  return [own, ...names].map(read).filter(Boolean).sort((a, b) => b.at - a.at)[0];
}
// What the address gave (a label was scanned) wins over a draft of before; of another vehicle its own facts go with it.
function overruled(form, entries) {
  const given = (form.dataset.given ?? "").split(" ").filter(Boolean);
  const [what, ...its] = (form.dataset.givenWith ?? "").split(" ");
  const before = entries.find(([name]) => name === what)?.[1];
  const other = given.includes(what) && typeof before === "string" && before.trim() && before.trim() !== form.elements[what].value;
  return new Set(other ? [...given, ...its] : given);
}
function restore(form, entries) {
  const seen = new Map(), gone = overruled(form, entries);
  let changed = false;
  for (const field of fields(form)) {
    if (gone.has(field.name)) continue;
    const nth = seen.get(field.name) ?? 0;
    seen.set(field.name, nth + 1);
    const mine = entries.filter(([name]) => name === field.name)[nth];
    if (!mine) continue;
    if (Array.isArray(mine[1])) {
      changed ||= field.checked !== mine[1][1];
      field.checked = mine[1][1];
    } else if (typeof mine[1] === "string" && field.value !== mine[1]) {
      changed = true;
      field.value = mine[1];
    }
    field.dispatchEvent(new CustomEvent("draft:restored", { bubbles: true }));
  }
  return changed;
}
function forget(key) {
  const names = key === "*" ? Object.keys(store).filter((name) => name.startsWith("draft:")) : [NAME(key)];
  names.forEach((name) => store.removeItem(name));
}

if (store) {
  bind("[data-draft-clear]", (element) => element.dataset.draftClear.split(" ").forEach(forget));
  bind("form[data-draft-forget]", (form) => form.addEventListener("submit", () => forget("*")));
  bind("form[data-draft]", (form) => {
    const note = form.querySelector("[data-draft-note]");
    const kept = "bound" in form.dataset ? null : newest(form);
    const hidden = fields(form).filter((f) => f.type === "hidden").map((f) => [f, f.value]); // a reset leaves these alone
    if (kept && restore(form, kept.entries) && note) note.hidden = false;
    let timer = 0;
    form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(() => { if (form.isConnected) save(form); }, 400); });
    form.addEventListener("submit", () => save(form));
    window.addEventListener("pagehide", () => { if (timer && form.isConnected) save(form); });
    form.addEventListener("draft:drop", () => { clearTimeout(timer); timer = 0; forget(form.dataset.draft); if (kept) store.removeItem(kept.name); });
    form.querySelector("[data-draft-drop]")?.addEventListener("click", () => {
      form.dispatchEvent(new CustomEvent("draft:drop"));
      form.reset();
      hidden.forEach(([field, value]) => { field.value = value; });
      note.hidden = true;
    });
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.detail.elt;
    if (!form.matches?.("form[data-draft]")) return;
    const { status } = event.detail.xhr; // htmx leaves `successful` unset when the answer leads elsewhere (HX-Redirect)
    if (status < 200 || status >= 300) return;
    if (event.detail.xhr.responseText.includes("data-draft=")) return;
    form.dispatchEvent(new CustomEvent("draft:drop"));
  });
}
