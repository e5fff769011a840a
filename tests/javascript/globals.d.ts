/** Leaflet, as the page's scripts find it. */
declare const L: any;
/** The QR encoder of pages with a published address. */
declare const leanQr: {
  correction: { M: number };
  generate: (text: string, options: { minCorrectionLevel: number }) => { size: number; get: (x: number, y: number) => boolean };
};
