// Photos are made small before they travel: at most 2048 px, JPEG. What cannot be read here goes as it is; the server judges.
import { bind } from "./bind.js";

const SIDE = 2048;

export async function shrink(file) {
  if (!file.type.startsWith("image/")) return file;
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, SIDE / Math.max(picture.width, picture.height));
    if (scale === 1 && file.size < 600_000 && file.type === "image/jpeg") return file;
    const canvas = Object.assign(document.createElement("canvas"), { width: Math.round(picture.width * scale), height: Math.round(picture.height * scale) });
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
    return blob ? new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" }) : file;
  } catch { return file; }
}

function picker(box) {
  const input = box.querySelector("input[type=file]");
  const list = box.querySelector(".photo-list");
  const limit = Number(box.dataset.limit) || 9;
  let chosen = [];

  const put = () => {
    const bag = new DataTransfer();
    chosen.forEach((file) => bag.items.add(file));
    input.files = bag.files;
  };
  const show = () => {
    for (const image of list.querySelectorAll("img")) URL.revokeObjectURL(image.src);
    list.replaceChildren(...chosen.map((file, index) => {
      const item = document.createElement("li");
      const image = Object.assign(document.createElement("img"), { src: URL.createObjectURL(file), alt: file.name });
      const size = Object.assign(document.createElement("small"), { textContent: `${Math.max(1, Math.round(file.size / 1024))} KB` });
      const remove = Object.assign(document.createElement("button"), { type: "button", title: box.dataset.remove });
      remove.setAttribute("aria-label", `${box.dataset.remove} ${index + 1}`);
      remove.addEventListener("click", () => { chosen.splice(index, 1); put(); show(); });
      item.append(image, remove, size);
      return item;
    }));
  };
  input.addEventListener("change", async () => {
    const fresh = [...input.files];
    box.setAttribute("aria-busy", "true");
    const small = [];
    for (const file of fresh) small.push(await shrink(file));
    chosen = [...chosen, ...small];
    input.setCustomValidity(chosen.length > limit ? box.dataset.tooMany : "");
    if (chosen.length > limit) input.reportValidity();
    chosen = chosen.slice(0, limit);
    put();
    show();
    box.removeAttribute("aria-busy");
  });
  box.classList.add("alive");
}
if (window.DataTransfer && window.createImageBitmap) bind("[data-photos]", picker);
