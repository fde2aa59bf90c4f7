// What a customer sends goes once, however often he taps and however often the line breaks: the very same entries with the
// very same key are sent again until there is an answer, also after the page was closed. Where it is asked, work is done first.
import { bind } from "./bind.js";
import { begin, end, hold, show } from "./submit.js";
import { asked, solve } from "./work.js";

const DAY = 86400 * 1000;
const store = (() => { try { return window.localStorage; } catch { return null; } })();
const words = () => document.querySelector("template[data-line-words]")?.content.textContent ?? "";
const name = (form) => `sent:${form.dataset.resend}`;

// Every entry; a file field that nobody used is none, so that what is kept and sent again is the same to the byte.
function filled(form) {
  const body = new FormData(form);
  for (const { name } of form.querySelectorAll("input[type=file]")) if (body.getAll(name).every((file) => !file.size)) body.delete(name);
  return body;
}
function keep(form, body) {
  if ([...body.values()].some((value) => value instanceof File && value.size)) return; // a file that travels along cannot be kept
  const entries = [...body].filter(([key, value]) => typeof value === "string" && key !== "csrfmiddlewaretoken");
  try { store?.setItem(name(form), JSON.stringify({ at: Date.now(), entries })); } catch { /* full: it still goes */ }
}
function drop(form) {
  try { store?.removeItem(name(form)); store?.removeItem(`files:${form.dataset.resend}`); } catch { /* nothing was kept */ }
}
function kept(form) {
  try {
    const found = JSON.parse(store?.getItem(name(form)) ?? "null");
    return found && Date.now() - found.at < DAY ? found.entries : null;
  } catch { return null; }
}
function note(form, text) {
  let line = form.querySelector(".line-lost");
  if (!line) {
    line = Object.assign(document.createElement("p"), { className: "line-lost banner warning" });
    line.setAttribute("role", "status");
    (form.querySelector("[data-screen]:not([hidden]) .form-foot") ?? form.querySelector(".form-foot"))?.before(line);
  }
  line.textContent = text;
}
const quiet = (form) => form.querySelector(".line-lost")?.remove();
const wait = (seconds) => new Promise((done) => {
  const timer = setTimeout(go, seconds * 1000);
  function go() { clearTimeout(timer); window.removeEventListener("online", go); done(); }
  window.addEventListener("online", go);
});

function post(form, body, work) {
  return new Promise((done) => {
    const request = new XMLHttpRequest(), bar = form.querySelector("progress.upload");
    const files = [...body.values()].some((value) => value instanceof File && value.size);
    request.open("POST", form.action || location.href);
    if (work) request.setRequestHeader("Work", work);
    if (files && bar) request.upload.addEventListener("progress", (event) => { bar.hidden = false; bar.value = event.lengthComputable ? (100 * event.loaded) / event.total : 0; });
    request.addEventListener("load", () => done(request));
    request.addEventListener("error", () => done(null));
    request.timeout = files ? 0 : 60000;
    request.addEventListener("timeout", () => done(null));
    request.send(body);
  });
}
const gone = (answer) => !answer || [502, 503, 504].includes(answer.status);

async function send(form, body) {
  let work = "", tries = 0;
  hold(form, true);
  form.setAttribute("inert", "");
  begin();
  keep(form, body);
  for (;;) {
    const answer = navigator.onLine ? await post(form, body, work) : null;
    const task = answer?.status === 429 && !work ? asked(answer.getResponseHeader("Work") ?? "") : null;
    if (task) work = await solve(task);
    else if (!gone(answer)) return arrived(form, answer);
    else {
      note(form, words());
      tries += 1;
      await wait(Math.min(2 ** tries, 20));
    }
  }
}
function arrived(form, answer) {
  end();
  quiet(form);
  if (answer.status < 500) drop_if_done(form, answer);
  form.removeAttribute("inert");
  show(answer.responseText, answer.responseURL, form);
}
// Refused for an entry: the files that have arrived come back with the page; sent: nothing of it is needed any more.
function drop_if_done(form, answer) {
  if (answer.status < 400) return drop(form);
  try { store?.removeItem(name(form)); } catch { /* nothing was kept */ }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-resend]") || event.defaultPrevented) return;
  event.preventDefault();
  if (!form.dataset.busy) send(form, filled(form));
});
// Sent, and never answered: it goes again as it was, once the page is there.
bind("form[data-resend]", (form) => {
  const entries = kept(form);
  if (!entries || "bound" in form.dataset) return;
  const body = new FormData();
  body.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  entries.forEach(([key, value]) => body.append(key, value));
  note(form, form.dataset.again);
  send(form, body);
});
