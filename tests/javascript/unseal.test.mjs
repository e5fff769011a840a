/** The page opens what Python sealed, and nothing that was altered: the golden sealed data is opened on both sides. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { opened } from "../../rollout/cartography/page/unseal.js";

const { sealed, text, password } = JSON.parse(readFileSync(new URL("./golden_sealed.json", import.meta.url), "utf8"));
const quick = { ...sealed, rounds: 1 };

test("the password opens it, however its umlauts and edges are typed", async () => {
  assert.equal(await opened(sealed, password), text);
  assert.equal(await opened(sealed, ` ${password.normalize("NFD")}\r\n`), text);
});

test("another password, format or number of rounds opens nothing", async () => {
  await assert.rejects(opened(sealed, password.toLowerCase()));
  await assert.rejects(opened(sealed, ""));
  await assert.rejects(opened({ ...sealed, format: 2 }, password), /format 2/);
  await assert.rejects(opened(quick, password));
});

test("base64 has one way to be written: the bits that would not count are looked at as well", async () => {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const twins = [...letters].map((letter) => `${sealed.salt.slice(0, -3)}${letter}==`);
  const alike = twins.filter((salt) => atob(salt) === atob(sealed.salt) && salt !== sealed.salt);
  assert.equal(alike.length, 15);
  for (const salt of alike) await assert.rejects(opened({ ...quick, salt }, password), /altered/);
  for (const part of ["salt", "nonce", "data"]) await assert.rejects(opened({ ...quick, [part]: `${sealed[part]} ` }, password));
});

test("audience and day are bound to it", async () => {
  await assert.rejects(opened({ ...sealed, audience: "city" }, password));
  await assert.rejects(opened({ ...sealed, stand: "2022-04-04" }, password));
});
