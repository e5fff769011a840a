/** Text that leaves the page: to the clipboard, or as a file. */

import { element } from "./dom.js";

/**
 * @param {string} text
 * @returns {Promise<boolean>} whether it is on the clipboard
 */
export async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copiedByHand(text);
  }
}

/**
 * For browsers that give no clipboard to a page from disk.
 * @param {string} text
 * @returns {boolean}
 */
function copiedByHand(text) {
  const before = /** @type {HTMLElement | null} */ (document.activeElement);
  const place = element("textarea", { "aria-hidden": "true", class: "said" });
  place.value = text;
  document.body.append(place);
  place.select();
  const done = document.execCommand("copy");
  place.remove();
  before?.focus({ preventScroll: true });
  return done;
}

/**
 * A button that copies and says so.
 * @param {string} label
 * @param {() => string} text
 * @returns {HTMLButtonElement}
 */
export function copyButton(label, text) {
  const button = element("button", { type: "button", class: "action" }, [label]);
  button.addEventListener("click", async () => {
    const done = await copied(text());
    button.textContent = done ? "Kopiert" : "Kopieren nicht möglich";
    announce(done ? "In die Zwischenablage kopiert" : "Kopieren ist in diesem Browser nicht möglich");
  });
  button.addEventListener("blur", () => {
    button.textContent = label;
  });
  return button;
}

/**
 * Says something to a screen reader.
 * @param {string} text
 */
export function announce(text) {
  const place = document.getElementById("rollout-said");
  if (place) place.textContent = text;
}

/**
 * @param {string} name of the file
 * @param {string} text
 * @param {string} kind media type
 */
export function download(name, text, kind) {
  const address = URL.createObjectURL(new Blob([text], { type: kind }));
  const link = element("a", { href: address, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
