// Before anything is painted: the chosen light, and the note that scripts run. The only script that is not a module.
(function () {
  const root = document.documentElement;
  root.classList.add("js");
  let kept = null;
  try { kept = localStorage.getItem("theme"); } catch { /* storage may be forbidden; then the system decides */ }
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const show = (choice) => { root.dataset.theme = choice || (dark.matches ? "dark" : "light"); };
  show(kept);
  dark.addEventListener("change", () => { if (!kept) show(null); });
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-theme-toggle]")) return;
    kept = root.dataset.theme === "dark" ? "light" : "dark";
    show(kept);
    try { localStorage.setItem("theme", kept); } catch { /* not kept, only shown */ }
  });
})();
