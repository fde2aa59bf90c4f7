// A signature by finger, pen or mouse; kept as strokes in thousandths of the field, so that any size can draw it again.
import { bind } from "./bind.js";

function pad(box) {
  const canvas = box.querySelector("canvas");
  const hidden = box.querySelector("input[type=hidden]");
  const pen = canvas.getContext("2d");
  let strokes = [];
  let stroke = null;

  const draw = () => {
    pen.clearRect(0, 0, canvas.width, canvas.height);
    pen.strokeStyle = getComputedStyle(canvas).color;
    pen.lineWidth = canvas.width / 180;
    pen.lineCap = pen.lineJoin = "round";
    for (const points of strokes) {
      pen.beginPath();
      points.forEach(([x, y], i) => pen[i ? "lineTo" : "moveTo"]((x * canvas.width) / 1000, (y * canvas.height) / 1000));
      if (points.length === 1) pen.lineTo((points[0][0] * canvas.width) / 1000 + 1, (points[0][1] * canvas.height) / 1000);
      pen.stroke();
    }
    box.classList.toggle("signed", strokes.length > 0);
  };
  const at = (event) => {
    const frame = canvas.getBoundingClientRect();
    const part = (value, whole) => Math.round(Math.min(Math.max(value / whole, 0), 1) * 1000);
    return [part(event.clientX - frame.left, frame.width), part(event.clientY - frame.top, frame.height)];
  };
  const keep = () => {
    hidden.value = strokes.length ? JSON.stringify(strokes) : "";
    hidden.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const read = () => {
    try { strokes = JSON.parse(hidden.value) || []; } catch { strokes = []; }
    draw();
  };

  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    stroke = [at(event)];
    strokes.push(stroke);
    draw();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!stroke) return;
    for (const part of event.getCoalescedEvents?.() ?? [event]) stroke.push(at(part));
    draw();
  });
  for (const kind of ["pointerup", "pointercancel"]) canvas.addEventListener(kind, () => { if (stroke) { stroke = null; keep(); } });
  box.querySelector("[data-signature-clear]").addEventListener("click", () => { strokes = []; draw(); keep(); });
  hidden.addEventListener("draft:restored", read);
  hidden.form?.addEventListener("reset", () => setTimeout(() => { hidden.value = ""; read(); }));
  box.classList.add("alive");
  read();
}
bind("[data-signature]", pad);
