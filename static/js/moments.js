// Keeps countdowns true: once a minute, the words of aftersales/display/moments.py.
const words = document.querySelector('meta[name="countdown"]')?.dataset;
const fill = (pattern, values) => pattern.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);

function span(seconds) {
  const left = Math.floor(Math.abs(seconds));
  const d = Math.floor(left / 86400), h = Math.floor((left % 86400) / 3600), m = Math.floor((left % 3600) / 60);
  if (d) return fill(words.dh, { d, h });
  return h ? fill(words.hm, { h, m }) : fill(words.m, { m });
}

// The server's clock decides, not the telephone's: the difference is measured once, from the page's own date.
const skew = () => {
  const served = document.querySelector('meta[name="served-at"]')?.content;
  return served ? Date.parse(served) - (performance.timeOrigin + performance.getEntriesByType("navigation")[0].responseStart) : 0;
};

function tick() {
  const now = Date.now() + offset;
  for (const element of document.querySelectorAll("[data-countdown]")) {
    const seconds = (Date.parse(element.dateTime) - now) / 1000;
    const text = fill(seconds >= 0 ? words.left : words.over, { t: span(seconds) });
    if (element.textContent !== text) element.textContent = text;
  }
}

const offset = skew();
if (words) {
  setInterval(tick, 60000);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) tick(); });
}
