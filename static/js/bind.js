// Runs `setup` once for each element that matches, now and whenever htmx brings new ones.
export function bind(selector, setup) {
  const done = new WeakSet();
  const all = (root) => {
    const found = [...root.querySelectorAll(selector)];
    if (root.matches?.(selector)) found.unshift(root);
    for (const element of found) {
      if (done.has(element)) continue;
      done.add(element);
      setup(element);
    }
  };
  all(document);
  document.addEventListener("htmx:load", (event) => all(event.detail.elt));
}
