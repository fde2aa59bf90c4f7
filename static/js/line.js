// A line that is lost: what was to be sent waits on the page and goes once, with the operation key that it had, when the line is back.
const words = document.querySelector("template[data-line-words]")?.content.textContent ?? "";
const waiting = new Map();

function note(form) {
  if (form.querySelector(".line-lost")) return;
  const text = document.createElement("p");
  text.className = "line-lost banner warning";
  text.setAttribute("role", "status");
  text.textContent = words;
  (form.querySelector(".form-foot") ?? form).before?.call(form.querySelector(".form-foot") ?? form, text);
}
function wait(form, submitter) {
  waiting.set(form, submitter);
  note(form);
  form.dispatchEvent(new CustomEvent("input", { bubbles: true })); // its draft is kept now
}
function go() {
  for (const [form, submitter] of waiting) {
    waiting.delete(form);
    form.querySelector(".line-lost")?.remove();
    if (!form.isConnected) continue;
    form.dataset.busy = "";
    form.requestSubmit(submitter?.isConnected ? submitter : undefined);
  }
}

// Before anything else hears of it: without a line the browser would leave the page for its own error.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (navigator.onLine || form.method !== "post" || !form.matches("[data-once]")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  wait(form, event.submitter);
}, true);
// The line broke under way: the server may have it already; the same key makes it count once.
document.addEventListener("htmx:sendError", (event) => {
  const form = event.detail.elt;
  if (form.matches?.("form[data-once]")) wait(form, null);
});
window.addEventListener("online", go);
setInterval(() => { if (waiting.size && navigator.onLine) go(); }, 15000);
