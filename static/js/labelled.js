// “Read from its label” is said while the field still says what the label said.
import { bind } from "./bind.js";

bind("[data-labelled]", (banner) => {
  const field = document.getElementById(banner.dataset.labelled);
  const check = () => { banner.hidden = field.value.trim().toUpperCase() !== banner.dataset.says.trim().toUpperCase(); };
  for (const kind of ["input", "draft:restored"]) field.addEventListener(kind, check);
  field.form.addEventListener("reset", () => setTimeout(check));
  check();
});
