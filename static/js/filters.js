// A filter takes effect when it is chosen; typed words after a short rest.
import { bind } from "./bind.js";

const PHONE = matchMedia("(max-width: 47.99rem)");

// On a phone the choices fold away; elsewhere they always stand open.
bind("details[data-fold]", (fold) => {
  const fit = () => { fold.open = !PHONE.matches; };
  fit();
  fold.dataset.ready = "";
  PHONE.addEventListener("change", fit);
});

function count(form) {
  const shown = form.querySelector("[data-fold] [data-count]");
  if (!shown) return;
  const fields = [...form.querySelectorAll("[data-fold] .filter :is(input, select)")];
  const chosen = fields.filter((field) => (field.type === "checkbox" ? field.checked : field.value)).length;
  shown.textContent = chosen ? ` (${chosen})` : "";
}

bind("form[data-autosubmit]", (form) => {
  let timer = 0;
  const send = () => { count(form); form.requestSubmit(); };
  form.addEventListener("change", (event) => { if (!event.target.matches("[type=search], [type=text]")) send(); });
  form.addEventListener("input", (event) => {
    if (!event.target.matches("[type=search], [type=text]")) return;
    clearTimeout(timer);
    timer = setTimeout(send, 350);
  });
  form.addEventListener("formdata", (event) => {
    for (const [name, value] of [...event.formData]) if (value === "") event.formData.delete(name);
  });
});
document.addEventListener("htmx:configRequest", (event) => {
  if (!event.detail.elt.matches?.("form[data-autosubmit]")) return;
  for (const [name, value] of Object.entries(event.detail.parameters)) if (value === "") delete event.detail.parameters[name];
});
