/** Elements without markup: every text goes in as text. */

/**
 * @param {string} tag
 * @param {Record<string, string>} attributes
 * @param {(Node | string)[]} children
 * @returns {any} the element
 */
export function element(tag, attributes = {}, children = []) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/**
 * @param {string} id
 * @returns {any} the element of the shell with that id
 */
export function byId(id) {
  return document.getElementById(id);
}

/**
 * A small canvas, sharp on every screen.
 * @param {number} width
 * @param {number} height
 * @returns {{ canvas: HTMLCanvasElement, ink: CanvasRenderingContext2D }}
 */
export function swatch(width, height) {
  const dots = Math.max(window.devicePixelRatio || 1, 2);
  const canvas = element("canvas", { class: "swatch", "aria-hidden": "true" });
  canvas.width = width * dots;
  canvas.height = height * dots;
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const ink = canvas.getContext("2d");
  ink.scale(dots, dots);
  return { canvas, ink };
}
