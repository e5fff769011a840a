/** Official tiles under the map, where the project offers them; nothing is loaded before the button is pressed. */

import { byId, element } from "./dom.js";

/** @typedef {{ label: string, host: string, path: string, attribution: string, deepest: number }} Tiles */

/**
 * @param {import("./main.js").Page} page
 */
export function offerTiles(page) {
  const { tiles } = page.spec;
  if (!tiles) return;
  const button = element("button", { type: "button", class: "action", "aria-pressed": "false" }, [labelOf(tiles, false)]);
  const source = element("span", { id: "rollout-tiles-source" });
  const layer = L.tileLayer(`https://${tiles.host}${tiles.path}`, { maxNativeZoom: tiles.deepest, maxZoom: 19, referrerPolicy: "no-referrer" });
  const notice = byId("rollout-notice");
  layer.on("tileerror", () => (notice.textContent = `Von ${tiles.host} kam nicht die ganze Grundkarte.`));
  button.addEventListener("click", () => {
    notice.textContent = "";
    page.isTiled = !page.isTiled;
    button.setAttribute("aria-pressed", String(page.isTiled));
    button.textContent = labelOf(tiles, page.isTiled);
    source.textContent = tiles.attribution.replace("{year}", String(new Date().getFullYear()));
    if (page.isTiled) byId("rollout-sources").append(source);
    else source.remove();
    if (page.isTiled) layer.addTo(page.map);
    else layer.remove();
    page.scene.repaint();
  });
  byId("rollout-tools").append(button);
}

/**
 * @param {Tiles} tiles
 * @param {boolean} isOn
 * @returns {string}
 */
function labelOf({ label, host }, isOn) {
  return isOn ? `${label} ausblenden` : `${label} laden (von ${host})`;
}
