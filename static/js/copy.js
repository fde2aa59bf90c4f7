// One press puts a number into the clipboard.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button || !navigator.clipboard) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  button.classList.add("done");
  const label = button.querySelector("span");
  const before = label?.textContent;
  if (label && button.dataset.copied) label.textContent = button.dataset.copied;
  setTimeout(() => {
    button.classList.remove("done");
    if (label) label.textContent = before;
  }, 1600);
});
