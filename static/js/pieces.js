// Photos and videos travel while the rest is still being typed: piece by piece, each acknowledged, so that a line that breaks
// costs one piece. What has arrived stays with the form, also after the page was closed; half a file goes on when it is chosen again.
import { bind } from "./bind.js";
import { shrink } from "./photos.js";
import { base64, digest } from "./sha256.js";

const DAY = 86400 * 1000, LEAST = 64 * 1024, ASIDE = 206;
const store = (() => { try { return window.localStorage; } catch { return null; } })();
const boxes = new Map();
let running = false;

const stamp = (file) => `${file.name}|${file.size}|${file.lastModified}`;
const token = (box) => box.closest("form").elements.csrfmiddlewaretoken.value;
const place = (box) => `files:${box.closest("form").dataset.resend ?? location.pathname}`;
const rest = (seconds) => new Promise((done) => {
  const timer = setTimeout(go, seconds * 1000);
  function go() { clearTimeout(timer); window.removeEventListener("online", go); done(); }
  window.addEventListener("online", go);
});

// --- what this device remembers of the form's files
function remember(box) {
  const own = [...boxes].filter(([other]) => other.isConnected && place(other) === place(box)).flatMap(([, entries]) => entries);
  const rows = own.filter((e) => e.key || e.seal || !e.trouble).map(({ stamp, name, size, key, offset, seal, kind, about }) => ({ stamp, name, size, key, offset, seal, kind, about }));
  try { store?.setItem(place(box), JSON.stringify({ at: Date.now(), rows })); } catch { /* full: the files still go */ }
}
function remembered(box) {
  try {
    const found = JSON.parse(store?.getItem(place(box)) ?? "null");
    return found && Date.now() - found.at < DAY ? found.rows.filter((row) => row.about === box.dataset.about) : [];
  } catch { return []; }
}

// --- one question to the server: its answer, or null where the line was lost
function ask(box, tail, { method = "POST", headers = {}, body = null, progress = null } = {}) {
  return new Promise((done) => {
    const request = new XMLHttpRequest();
    request.open(method, box.dataset.pieces + tail);
    request.timeout = 90000;
    request.setRequestHeader("X-CSRFToken", token(box));
    Object.entries(headers).forEach(([name, value]) => request.setRequestHeader(name, value));
    if (progress) request.upload.addEventListener("progress", (event) => progress(event.loaded));
    request.addEventListener("load", () => {
      let said = {};
      try { said = JSON.parse(request.responseText); } catch { /* an answer of somebody between us */ }
      done({ status: request.status, later: Number(request.getResponseHeader("Retry-After")) || 0, ...said });
    });
    for (const kind of ["error", "timeout", "abort"]) request.addEventListener(kind, () => done(null));
    request.send(body);
  });
}
const form_of = (entries) => { const body = new FormData(); Object.entries(entries).forEach(([name, value]) => body.append(name, value)); return body; };

// The answer to a question that may be asked any number of times; a lost line or a busy server only costs time.
async function insist(box, entry, tail, what) {
  for (let tries = 0; ; tries += 1) {
    if (!entry.wanted) return { status: 0 };
    const answer = navigator.onLine ? await ask(box, tail, what()) : null;
    if (answer && answer.status < 500 && answer.status !== 429) return answer;
    if (answer?.status === 507 || (answer?.status === 429 && answer.later > 120)) return answer;
    say(box, answer?.sentence ?? box.dataset.lost);
    await rest(answer?.later || Math.min(2 ** tries, 20));
    say(box, "");
    if (tail === "piece/") return { status: 409 }; // how far is it? The answer may be what was lost
  }
}

async function carry(box, entry) {
  let size = LEAST * 4;
  while (entry.wanted && entry.offset < entry.size) {
    const from = entry.offset, bytes = new Uint8Array(await entry.file.slice(from, from + size).arrayBuffer());
    const headers = { "Upload-Key": entry.key, "Upload-Offset": String(from), "Content-Type": "application/octet-stream", "Content-Digest": `sha-256=:${base64(await digest(bytes))}:` };
    const began = performance.now();
    const answer = await insist(box, entry, "piece/", () => ({ headers, body: bytes, progress: (sent) => bar(entry, from + sent) }));
    if (answer.status === 200) {
      entry.offset = answer.offset;
      size = performance.now() - began < 2500 ? Math.min(size * 2, entry.most) : Math.max(size / 2, LEAST);
    } else if (answer.status === 409) {
      size = Math.max(size / 2, LEAST);
      const now = await insist(box, entry, "", () => ({ method: "GET", headers: { "Upload-Key": entry.key } }));
      if (now.status !== 200) return now;
      entry.offset = now.offset;
    } else return answer;
    remember(box);
    bar(entry, entry.offset);
    const now = next();
    if (now && is_film(entry) && entry.offset < entry.size && !is_film(now[1])) return { status: ASIDE };
  }
  return { status: 200 };
}
async function begin(box, entry) {
  const begun = await insist(box, entry, "", () => ({ body: form_of({ size: entry.size }) }));
  if (begun.status === 201) Object.assign(entry, { key: begun.key, offset: 0, most: begun.most });
  return begun;
}
// Of a file that was begun before: how much of it has arrived?
async function again(box, entry) {
  const now = await insist(box, entry, "", () => ({ method: "GET", headers: { "Upload-Key": entry.key } }));
  if (now.status === 200 && now.size === entry.size) entry.offset = now.offset;
  else if (now.status) Object.assign(entry, { key: "", offset: 0 });
}
async function bring(box, entry) {
  entry.most ??= LEAST * 8;
  if (entry.key) await again(box, entry);
  for (let anew = 0; anew < 2; anew += 1) {
    if (!entry.key) { const begun = await begin(box, entry); if (begun.status !== 201) return begun; }
    remember(box);
    const sent = await carry(box, entry);
    if (sent.status === 404) { entry.key = ""; entry.offset = 0; continue; } // forgotten meanwhile
    if (sent.status !== 200) return sent;
    const headers = { "Upload-Key": entry.key };
    const done = await insist(box, entry, "done/", () => ({ headers, body: form_of({ name: entry.name, about: box.dataset.about }) }));
    if (done.status === 200) Object.assign(entry, { seal: done.seal, kind: done.kind });
    return done;
  }
  return { status: 404 };
}

// --- one file after the other, whichever field it stands in; pictures first: a video makes way for them between two pieces
const is_film = (entry) => entry.file.type.startsWith("video/");
function next() {
  const waiting = [...boxes].filter(([box]) => box.isConnected)
    .flatMap(([box, entries]) => entries.filter((e) => e.file && !e.seal && !e.trouble).map((entry) => [box, entry]));
  return waiting.find(([, entry]) => !is_film(entry)) ?? waiting[0] ?? null;
}
async function run() {
  if (running) return;
  running = true;
  for (let now = next(); now; now = next()) {
    const [box, entry] = now;
    show(box);
    const last = await bring(box, entry);
    if (!entry.seal && entry.wanted && last.status !== ASIDE) { entry.trouble = last.sentence || box.dataset.failed; entry.key = ""; }
    remember(box);
    show(box);
  }
  running = false;
  document.dispatchEvent(new CustomEvent("pieces:ready"));
}

// --- what is seen
const say = (box, text) => { box.querySelector(".pieces-said").textContent = text; };
function bar(entry, value) { if (entry.bar) entry.bar.value = value; }
const made = (tag, facts, ...inside) => { const element = Object.assign(document.createElement(tag), facts); element.append(...inside); return element; };

function picture(box, entry) {
  entry.view ??= entry.file?.type.startsWith("image/") ? URL.createObjectURL(entry.file) : "";
  if (entry.view) return made("img", { src: entry.view, alt: entry.name });
  if (entry.seal && entry.kind === "image") return made("img", { src: `${box.dataset.pieces.replace("files/", "pictures/")}?seal=${encodeURIComponent(entry.seal)}`, alt: entry.name });
  return made("span", { className: "thumb-blank", textContent: entry.name });
}
function item(box, entry, index) {
  const remove = made("button", { type: "button", title: box.dataset.remove });
  remove.setAttribute("aria-label", `${box.dataset.remove} ${index + 1}`);
  remove.addEventListener("click", () => { entry.wanted = false; boxes.get(box).splice(boxes.get(box).indexOf(entry), 1); remember(box); show(box); });
  const words = entry.trouble || (entry.seal ? box.dataset.here : entry.file ? "" : entry.key ? box.dataset.half : box.dataset.anew);
  const size = entry.size > 1048576 ? `${(entry.size / 1048576).toFixed(1)} MB` : `${Math.max(1, Math.round(entry.size / 1024))} KB`;
  const line = made("li", { className: entry.trouble ? "wrong" : entry.seal ? "here" : "" }, picture(box, entry), remove, made("small", { textContent: [size, words].filter(Boolean).join(" · ") }));
  if (!entry.seal && !entry.trouble) {
    entry.bar = made("progress", { max: entry.size, value: entry.offset });
    entry.bar.setAttribute("aria-label", entry.name);
    line.append(entry.bar);
  }
  if (entry.seal) {
    const hidden = made("input", { type: "hidden", name: "kept", value: entry.seal });
    hidden.dataset.noDraft = "";
    line.append(hidden);
  }
  return line;
}
function show(box) {
  box.querySelector(".photo-list").replaceChildren(...boxes.get(box).map((entry, index) => item(box, entry, index)));
}

// --- choosing
const length = (file) => new Promise((done) => {
  const film = document.createElement("video"), url = URL.createObjectURL(file);
  const over = (seconds) => { URL.revokeObjectURL(url); done(seconds); };
  film.preload = "metadata";
  film.onloadedmetadata = () => over(Number.isFinite(film.duration) ? film.duration : 0);
  film.onerror = () => over(0);
  setTimeout(() => over(0), 4000);
  film.src = url;
});
async function refusal(box, file) {
  if (file.size > Number(box.dataset.bytes)) return box.dataset.tooLarge;
  return file.type.startsWith("video/") && (await length(file)) > Number(box.dataset.seconds) + 1.5 ? box.dataset.tooLong : "";
}
async function take(box, original) {
  const file = await shrink(original), entries = boxes.get(box), known = stamp(original);
  const half = entries.find((e) => e.stamp === known && !e.seal && !e.file);
  if (half) return Object.assign(half, half.size === file.size ? {} : { key: "", offset: 0, size: file.size }, { file, trouble: "" });
  if (entries.some((e) => e.stamp === known && !e.trouble)) return null;
  const entry = { stamp: known, name: original.name, size: file.size, about: box.dataset.about, file, key: "", offset: 0, seal: "", kind: "", trouble: await refusal(box, file), wanted: true };
  entries.push(entry);
  return entry;
}
function picker(box) {
  const input = box.querySelector("input[type=file]"), limit = Number(box.dataset.limit), form = box.closest("form");
  const restored = () => remembered(box).map((row) => ({ ...row, file: null, trouble: "", wanted: true }));
  boxes.set(box, "bound" in form.dataset ? [] : restored());
  input.addEventListener("change", async () => {
    const fresh = [...input.files];
    input.value = ""; // the form carries seals, not files
    box.setAttribute("aria-busy", "true");
    say(box, "");
    for (const file of fresh) {
      if (boxes.get(box).filter((e) => !e.trouble && (e.file || e.key || e.seal)).length >= limit && !boxes.get(box).some((e) => e.stamp === stamp(file))) { say(box, box.dataset.tooMany); break; }
      await take(box, file);
      remember(box);
      show(box);
    }
    box.removeAttribute("aria-busy");
    run();
  });
  form.addEventListener("draft:drop", () => { boxes.get(box).forEach((e) => { e.wanted = false; }); boxes.set(box, []); remember(box); show(box); });
  box.classList.add("alive");
  show(box);
  run();
}

// Sent while files are still on their way: it goes by itself once they are here, or at once without them.
const unfinished = (form) => [...boxes].some(([box, entries]) => box.isConnected && form.contains(box) && entries.some((e) => e.file && !e.seal && !e.trouble))
  || Boolean(form.querySelector("[data-pieces][aria-busy]"));
function hold_back(form, submitter) {
  if (form.querySelector(".still-sending")) return;
  const line = made("div", { className: "still-sending banner info" }, made("p", { textContent: form.dataset.sending }));
  const without = made("button", { type: "button", className: "button", textContent: form.dataset.without });
  const go = () => { document.removeEventListener("pieces:ready", ready); line.remove(); };
  const ready = () => { if (unfinished(form)) return; go(); form.requestSubmit(submitter?.isConnected ? submitter : undefined); };
  without.addEventListener("click", () => {
    for (const [box, entries] of boxes) if (form.contains(box)) { entries.filter((e) => !e.seal).forEach((e) => { e.wanted = false; }); boxes.set(box, entries.filter((e) => e.seal)); remember(box); show(box); }
    go();
    form.requestSubmit(submitter?.isConnected ? submitter : undefined);
  });
  line.setAttribute("role", "status");
  line.append(without);
  (submitter?.closest(".form-foot") ?? form.querySelector(".form-foot")).before(line);
  document.addEventListener("pieces:ready", ready);
}
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-resend]") || event.defaultPrevented || !unfinished(form)) return;
  event.preventDefault();
  hold_back(form, event.submitter);
});
if (window.createImageBitmap && window.FormData && File.prototype.slice) bind("[data-pieces]", picker);
