// Native dialogs and the small menus; a press beside them closes them.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) document.getElementById(opener.dataset.opens)?.showModal();
  if (event.target.closest("[data-closes]") || event.target.matches("dialog.dialog")) event.target.closest("dialog")?.close();
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
  const leaver = event.target.closest("[data-close-step]");
  const panel = leaver?.closest("#step-panel");
  if (panel && panel.parentElement?.id === "step") {
    event.preventDefault();
    panel.remove();
    document.querySelector("[data-step]")?.focus();
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
