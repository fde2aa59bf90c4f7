// The eye goes where the work is: the first wrong field, else the step that was opened.
import { bind } from "./bind.js";

const first = document.querySelector(".error-summary, .field.wrong :is(input, select, textarea):not([type=hidden])");
if (first) first.focus();

bind(".step-panel", (panel) => {
  if (!document.querySelector("#step")?.contains(panel)) return;
  const wrong = panel.querySelector(".field.wrong :is(input, select, textarea):not([type=hidden])");
  (wrong ?? panel.querySelector("[data-focus]"))?.focus({ preventScroll: Boolean(!wrong) });
});
