/** Leaflet, as the page's scripts find it. */
declare const L: any;
