// A click on what is known puts it into the form; what was typed by hand stays.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-fill]");
  if (!button) return;
  event.preventDefault();
  const form = document.getElementById(button.dataset.fillInto);
  for (const [name, value] of Object.entries(JSON.parse(button.dataset.fill))) {
    const field = form?.elements[name];
    if (!field || (field.value && field.dataset.filled !== field.value)) continue;
    field.value = value;
    field.dataset.filled = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  button.classList.add("done");
  const next = [...(form?.elements ?? [])].find((field) => field.name === "symptom");
  if (next && !next.value) next.focus();
});
