/**
 * Opens pages in the Firefox that is installed, from disk, and says what a reader meets there.
 * Called with Firefox, what to search for, the password, and files; prints one object per file as JSON.
 */

import { argv } from "node:process";
import { pathToFileURL } from "node:url";
import puppeteer from "puppeteer-core";

const [executablePath, searched, password, ...files] = argv.slice(2);
const WRONG = "ganz-und-gar-falsch";

/** Runs in the page. @param {Element} shown */
const text = (shown) => /** @type {HTMLElement} */ (shown).innerText;

/** What tells that a page works: it is drawn, and it answers. @param {import("puppeteer-core").Page} page */
const met = async (page) => {
  await page.waitForSelector("body.settled");
  const ink = await page.$eval("canvas", (canvas) => {
    const { width, height } = canvas;
    return new Set(new Uint32Array(/** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d")).getImageData(0, 0, width, height).data.buffer)).size;
  });
  await page.type("#rollout-search", searched);
  await page.keyboard.press("Enter");
  const card = await page.waitForSelector("#rollout-card:not([hidden])");
  return { ink, legend: await page.$eval("#rollout-panel", text), card: await card?.evaluate(text) };
};

/** @param {import("puppeteer-core").Page} page @param {string} tried */
const unlocked = async (page, tried) => {
  await page.$eval("input[type=password]", (field) => { field.value = ""; });
  await page.type("input[type=password]", tried);
  await page.keyboard.press("Enter");
};

/** Tries the wrong password first, where one is asked for. @param {import("puppeteer-core").Page} page */
const asked = async (page) => {
  const before = await page.$eval("body", text);
  if ((await page.$("input[type=password]")) === null) return { before: "", refused: "" };
  await unlocked(page, WRONG);
  const said = await page.waitForSelector("[role=alert]:not(:empty)");
  const refused = await said?.evaluate(text);
  await unlocked(page, password);
  return { before, refused };
};

const browser = await puppeteer.launch({ browser: "firefox", executablePath, headless: true });
const found = [];
for (const file of files) {
  const page = await browser.newPage();
  /** @type {string[]} */
  const faults = [];
  page.on("console", (message) => faults.push(`console ${message.text()}`));
  page.on("pageerror", (error) => faults.push(`error ${error}`));
  page.on("request", (request) => { if (!/^(?:file|data):/.test(request.url())) faults.push(`request ${request.url()}`); });
  await page.setViewport({ width: 1280, height: 800 });
  await page.goto(pathToFileURL(file).href);
  found.push({ ...(await asked(page)), ...(await met(page)), faults });
  await page.close();
}
await browser.close();
console.log(JSON.stringify(found));
