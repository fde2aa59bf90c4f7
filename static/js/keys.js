// Everything by keyboard: / search, j k in lists, Enter opens, g and a letter goes, s the next step, ? help.
let waiting = false;
let place = -1;

const typing = (target) => target.closest("input, textarea, select, [contenteditable], dialog[open]");
const items = () => [...document.querySelectorAll("[data-list] [data-item]")].filter((item) => item.offsetParent);

function move(by) {
  const all = items();
  if (!all.length) return;
  document.querySelector("[data-item].here")?.classList.remove("here");
  place = Math.min(Math.max(place + by, 0), all.length - 1);
  const item = all[place];
  item.classList.add("here");
  (item.querySelector("[data-open]") ?? item).focus({ preventScroll: true });
  item.scrollIntoView({ block: "nearest" });
}

const keys = {
  "/": () => document.querySelector("[data-search]")?.focus(),
  j: () => move(1),
  k: () => move(-1),
  s: () => document.querySelector("[data-step]")?.click(),
  "?": () => document.getElementById("keys")?.showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === "Escape" && event.target.matches("[data-search]")) event.target.blur();
  if (typing(event.target)) return;
  if (waiting) {
    waiting = false;
    document.querySelector(`[data-go="${CSS.escape(event.key)}"]`)?.click();
    return;
  }
  if (event.key === "g") {
    waiting = true;
    setTimeout(() => { waiting = false; }, 1500);
    return;
  }
  if (keys[event.key]) {
    event.preventDefault();
    keys[event.key]();
  }
});
document.addEventListener("htmx:afterSettle", () => { place = -1; });
