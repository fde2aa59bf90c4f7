// A filter takes effect when it is chosen; typed words after a short rest.
import { bind } from "./bind.js";

bind("form[data-autosubmit]", (form) => {
  let timer = 0;
  const send = () => form.requestSubmit();
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
