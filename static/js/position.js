// Where the phone is: asked only when somebody taps, shown at once, taken back by one tap.
import { bind } from "./bind.js";

function place(box) {
  const hidden = box.querySelector("input[type=hidden]");
  const found = box.querySelector("[data-position-found]"), said = box.querySelector("[data-position-said]");
  const ask = box.querySelector("[data-position-ask]");
  const show = () => {
    const [latitude, longitude, accuracy] = hidden.value.split(",");
    found.hidden = !hidden.value;
    ask.hidden = Boolean(hidden.value);
    box.querySelector("[data-position-text]").textContent = hidden.value ? `${latitude}, ${longitude}${accuracy ? ` (± ${accuracy} m)` : ""}` : "";
  };
  const keep = (value) => {
    hidden.value = value;
    hidden.dispatchEvent(new Event("input", { bubbles: true }));
    show();
  };
  ask.addEventListener("click", () => {
    said.textContent = "";
    ask.setAttribute("aria-busy", "true");
    const ready = () => ask.removeAttribute("aria-busy");
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      ready();
      keep(`${coords.latitude.toFixed(5)},${coords.longitude.toFixed(5)},${Math.ceil(coords.accuracy)}`);
    }, (error) => {
      ready();
      said.textContent = error.code === error.PERMISSION_DENIED ? box.dataset.denied : box.dataset.failed;
    }, { enableHighAccuracy: true, timeout: 20000, maximumAge: 60000 });
  });
  box.querySelector("[data-position-drop]").addEventListener("click", () => keep(""));
  hidden.addEventListener("draft:restored", show);
  hidden.form?.addEventListener("draft:drop", () => keep(""));
  show();
  box.closest("[data-needs-position]")?.removeAttribute("hidden");
}
if (window.isSecureContext && navigator.geolocation) bind("[data-position]", place);
