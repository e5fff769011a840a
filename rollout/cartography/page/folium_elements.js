/**
 * What elements of Folium need besides Leaflet: marker images that are in the page, and of jQuery the
 * two things Folium's templates use: `$(markup)[0]` for a popup's content and `$(document).ready(…)`.
 */

"use strict";

delete L.Icon.Default.prototype._getIconUrl;
L.Icon.Default.mergeOptions({
  iconUrl: "images/marker-icon.png",
  iconRetinaUrl: "images/marker-icon-2x.png",
  shadowUrl: "images/marker-shadow.png",
});

/**
 * @param {string | Document} subject
 * @returns {ChildNode[] | { ready: (run: () => void) => void }}
 */
window.$ = function jQueryOfFolium(subject) {
  if (typeof subject === "string") {
    const template = document.createElement("template");
    template.innerHTML = subject.trim();
    return [...template.content.childNodes];
  }
  return { ready: (run) => run() };
};
