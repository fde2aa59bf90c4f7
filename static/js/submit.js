// A second click does nothing, a slow answer shows a line, a large upload shows how far it is.
const line = document.querySelector("[data-progress]");
let running = 0, timer = 0;

function begin() {
  running += 1;
  if (running === 1) timer = setTimeout(() => { if (line) line.hidden = false; }, 300);
}
function end() {
  running = Math.max(0, running - 1);
  if (running) return;
  clearTimeout(timer);
  if (line) line.hidden = true;
}
function hold(form, busy) {
  form.dataset.busy = busy ? "1" : "";
  for (const button of form.querySelectorAll("button:not([type=button])")) button.setAttribute("aria-busy", String(busy));
}

// The answer takes the place of the page: written into the document anew, its scripts would not run a second time.
function show(html, address) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  const main = fresh.querySelector("main");
  if (!main) return location.assign(address);
  history.replaceState(null, "", address || location.href);
  document.title = fresh.title;
  document.querySelector("main").replaceWith(document.adoptNode(main));
  document.dispatchEvent(new CustomEvent("htmx:load", { detail: { elt: main } }));
  window.scrollTo(0, 0);
  main.querySelector(".error-summary, .field.wrong :is(input, select, textarea):not([type=hidden])")?.focus();
}
function upload(form, submitter) {
  const bar = form.querySelector("progress.upload");
  const request = new XMLHttpRequest();
  request.open("POST", form.action || location.href);
  request.upload.addEventListener("progress", (event) => {
    bar.hidden = false;
    bar.value = event.lengthComputable ? (100 * event.loaded) / event.total : 0;
  });
  request.addEventListener("load", () => { end(); show(request.responseText, request.responseURL); });
  request.addEventListener("error", () => { hold(form, false); bar.hidden = true; end(); form.submit(); });
  request.send(new FormData(form, submitter));
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || form.hasAttribute("hx-post")) return;
  if (form.dataset.busy) return event.preventDefault();
  if (!form.matches("[data-once]")) return;
  hold(form, true);
  begin();
  const files = [...form.querySelectorAll("input[type=file]")].some((input) => input.files.length);
  if (files && form.querySelector("progress.upload") && !event.defaultPrevented) {
    event.preventDefault();
    upload(form, event.submitter);
  }
});

document.addEventListener("htmx:beforeRequest", (event) => {
  const form = event.detail.elt;
  if (form.matches?.("form[data-once]")) {
    if (form.dataset.busy) return event.preventDefault();
    hold(form, true);
  }
  begin();
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.elt.matches?.("form[data-once]")) hold(event.detail.elt, false);
  const bar = event.detail.elt.querySelector?.("progress.upload");
  if (bar) bar.hidden = true;
  end();
});
document.addEventListener("htmx:xhr:progress", (event) => {
  const bar = event.detail.elt?.querySelector?.("progress.upload");
  if (!bar || !event.detail.lengthComputable) return;
  bar.hidden = false;
  bar.value = (100 * event.detail.loaded) / event.detail.total;
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-busy]")) hold(form, false);
  running = 1;
  end();
});
