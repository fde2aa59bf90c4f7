// One press puts a number into the clipboard.
// A browser inside an app (WeChat) may forbid the clipboard; then the old way is tried.
async function copied(text) {
  try { await navigator.clipboard.writeText(text); return true; } catch { /* forbidden, or no https */ }
  const field = Object.assign(document.createElement("textarea"), { value: text, readOnly: true, className: "unseen" });
  document.body.append(field);
  field.select();
  try { return document.execCommand("copy"); } catch { return false; } finally { field.remove(); }
}
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button || !(await copied(button.dataset.copy))) return;
  button.classList.add("done");
  const label = button.querySelector("span");
  const before = label?.textContent;
  if (label && button.dataset.copied) label.textContent = button.dataset.copied;
  setTimeout(() => {
    button.classList.remove("done");
    if (label) label.textContent = before;
  }, 1600);
});
