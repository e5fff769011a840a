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

/** Milliseconds after which the page has been seen. */
const WAIT_MS = 400;

/**
 * @param {(deadline: IdleDeadline | undefined) => void} work to be done once the page has been seen and nothing else is to do
 */
export function whenIdle(work) {
  setTimeout(() => (window.requestIdleCallback ? window.requestIdleCallback(work) : work(undefined)), WAIT_MS);
}
