// On a phone the rail unfolds from the bottom.
import { bind } from "./bind.js";

bind("[data-rail]", (handle) => {
  const rail = handle.closest(".rail");
  const fold = (open) => { rail.classList.toggle("open", open); handle.setAttribute("aria-expanded", String(open)); };
  handle.addEventListener("click", () => fold(!rail.classList.contains("open")));
  rail.addEventListener("click", (event) => { if (event.target.closest("[data-step], [data-act]")) fold(false); });
});
