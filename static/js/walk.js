// A long form becomes screens: one group of questions each, with back and forward, also by the browser's own buttons.
import { bind } from "./bind.js";

function walk(form) {
  const screens = [...form.querySelectorAll("[data-screen]")];
  let here = 0;

  const show = (index, { focus = true } = {}) => {
    here = Math.min(Math.max(index, 0), screens.length - 1);
    screens.forEach((screen, i) => { screen.hidden = i !== here; });
    form.dataset.at = screens[here].id;
    if (!focus) return;
    document.querySelector("main").scrollIntoView();
    screens[here].querySelector("legend").focus({ preventScroll: true });
  };
  const go = (index) => {
    show(index);
    history.pushState({ screen: here }, "", `#${screens[here].id}`);
  };
  const mark = (field, words) => {
    const box = field.closest(".field");
    if (box.querySelector(".errorlist")) return;
    const note = Object.assign(document.createElement("div"), { className: "errorlist", id: `${field.id}_error` });
    note.append(Object.assign(document.createElement("p"), { textContent: words }));
    field.before(note);
    box.classList.add("wrong");
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-describedby", [field.getAttribute("aria-describedby"), note.id].filter(Boolean).join(" "));
  };
  const clear = (field) => {
    const box = field.closest(".field.wrong");
    if (!box || !field.value.trim()) return;
    box.classList.remove("wrong");
    box.querySelector(".errorlist")?.remove();
    field.removeAttribute("aria-invalid");
  };
  const whole = (screen) => {
    const empty = [...screen.querySelectorAll("input[required], textarea[required]")].filter((field) => !field.value.trim());
    empty.forEach((field) => mark(field, form.dataset.missing));
    empty[0]?.focus();
    return !empty.length;
  };

  form.addEventListener("click", (event) => {
    if (event.target.closest("[data-walk-on]") && whole(screens[here])) go(here + 1);
    if (event.target.closest("[data-walk-back]")) go(here - 1);
  });
  form.addEventListener("input", (event) => clear(event.target));
  form.addEventListener("submit", (event) => {
    if (here < screens.length - 1) {
      event.preventDefault();
      event.stopPropagation();
      if (whole(screens[here])) go(here + 1);
      return;
    }
    const gap = screens.findIndex((screen) => !whole(screen));
    if (gap < 0) return;
    event.preventDefault();
    event.stopPropagation();
    if (gap !== here) go(gap);
    whole(screens[gap]);
  });
  form.addEventListener("draft:drop", () => go(0));
  form.querySelector(".error-summary")?.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    const target = link && document.getElementById(link.hash.slice(1));
    const screen = target?.closest("[data-screen]");
    if (!screen) return;
    event.preventDefault();
    show(screens.indexOf(screen), { focus: false });
    (target.matches("input, select, textarea") ? target : target.querySelector("input"))?.focus();
  });
  window.addEventListener("popstate", () => form.isConnected && show(Math.max(0, screens.findIndex((s) => `#${s.id}` === location.hash))));

  const wrong = screens.findIndex((screen) => screen.querySelector(".field.wrong"));
  const named = screens.findIndex((screen) => `#${screen.id}` === location.hash);
  const start = wrong >= 0 ? wrong : Math.max(named, 0);
  form.classList.add("walking");
  show(start, { focus: false });
}
bind("form[data-walk]", walk);
