// A message that has been read goes away; errors stay until they are closed.
import { bind } from "./bind.js";

document.addEventListener("click", (event) => event.target.closest("[data-dismiss]")?.closest(".message").remove());
bind(".messages > .message.success", (message) => setTimeout(() => message.remove(), 12000));
