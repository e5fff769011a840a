/** Opens a sealed page: asks for the password, decrypts the data, and starts the page as any other. */

import { byId, element } from "./dom.js";

/** @typedef {{ format: number, rounds: number, audience: string, stand: string, salt: string, nonce: string, data: string }} Sealed */

const SEALED_FORMAT = 1;
const EDGES = /^[ \t\r\n]+|[ \t\r\n]+$/g;
const REFUSED = "Das Passwort passt nicht zu dieser Datei.";
const ADVICE = "Prüfen Sie Groß- und Kleinschreibung, und ob es zu diesem Stand gehört. Stimmt es sicher, dann wurde die Datei verändert: lassen Sie sie neu senden.";
const DAMAGED = "Die Datei ist beschädigt. Lassen Sie sie neu senden.";
const NOT_SECURE = "Von dieser Adresse lässt der Browser kein Entschlüsseln zu, weil die Verbindung nicht geschützt ist (http). Speichern Sie die Datei und öffnen Sie sie von Ihrem Rechner, oder rufen Sie sie über https auf.";
const TOO_OLD = "Dieser Browser ist zum Entschlüsseln zu alt. Öffnen Sie die Datei in einem aktuellen Firefox, Chrome, Edge oder Safari.";

/**
 * @param {string} text base64, as Python writes it and in no other way
 * @returns {Uint8Array<ArrayBuffer>}
 */
function exactBytes(text) {
  const binary = atob(text);
  if (btoa(binary) !== text) throw new Error("base64 that was altered");
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i += 1) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

/**
 * @param {Sealed} sealed
 * @param {string} password as typed
 * @returns {Promise<string>} the data as JSON; fails where the password does not fit or anything was altered
 */
export async function opened({ format, rounds, audience, stand, salt, nonce, data }, password) {
  if (format !== SEALED_FORMAT) throw new Error(`sealed in format ${format}, expected ${SEALED_FORMAT}`);
  const { subtle } = crypto;
  const utf8 = new TextEncoder();
  const typed = utf8.encode(password.normalize("NFC").replace(EDGES, ""));
  const secret = await subtle.importKey("raw", typed, "PBKDF2", false, ["deriveKey"]);
  const stretched = { name: "PBKDF2", hash: "SHA-256", salt: exactBytes(salt), iterations: rounds };
  const key = await subtle.deriveKey(stretched, secret, { name: "AES-GCM", length: 256 }, false, ["decrypt"]);
  const bound = utf8.encode(JSON.stringify([format, audience, stand]));
  const packed = await subtle.decrypt({ name: "AES-GCM", iv: exactBytes(nonce), additionalData: bound }, key, exactBytes(data));
  return new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
}

/** @returns {Sealed | null} what is encrypted in this page; null where it cannot be read */
function sealedHere() {
  try {
    return JSON.parse(byId("rollout-sealed").textContent);
  } catch {
    return null;
  }
}

/**
 * @param {Sealed | null} sealed
 * @returns {string} why it cannot be opened here, whatever the password; empty where it can
 */
function obstacle(sealed) {
  if (!window.isSecureContext) return NOT_SECURE;
  if (!window.crypto?.subtle || !("DecompressionStream" in window)) return TOO_OLD;
  return sealed?.format === SEALED_FORMAT ? "" : DAMAGED;
}

/**
 * The data stands in the document only while the page starts, so that a saved page does not hold it.
 * @param {string} text JSON
 * @param {() => void} start
 */
function begin(text, start) {
  document.title = JSON.parse(text).title;
  document.body.classList.add("unsealed");
  const island = element("script", { type: "application/json", id: "rollout-data" }, [text]);
  document.body.append(island);
  start();
  island.remove();
  byId("rollout-said").textContent = "Die Karte ist geöffnet.";
}

/** @returns {Record<string, any>} the question and its parts */
function gate() {
  const field = element("input", { id: "rollout-password", type: "password", autocomplete: "off", autocapitalize: "none", autocorrect: "off", spellcheck: "false", enterkeyhint: "go", "aria-describedby": "rollout-refused rollout-hint" });
  const shown = element("input", { type: "checkbox" });
  const answer = element("p", { class: "refused", id: "rollout-refused", role: "alert" });
  const hint = element("p", { class: "hint", id: "rollout-hint", role: "status" });
  const form = element("form", { novalidate: "" }, [
    element("label", { for: "rollout-password" }, ["Passwort"]),
    field,
    element("label", { class: "show" }, [shown, "Passwort zeigen"]),
    answer,
    hint,
    element("button", { type: "submit" }, ["Karte öffnen"]),
  ]);
  shown.addEventListener("change", () => field.setAttribute("type", shown.checked ? "text" : "password"));
  return { field, answer, hint, form };
}

/**
 * @param {Record<string, any>} parts
 * @param {(password: string) => Promise<string>} decrypt
 * @param {(text: string) => void} done
 */
function attend({ field, answer, hint, form }, decrypt, done) {
  let busy = false;
  const say = (/** @type {string} */ fault, /** @type {string} */ rest) => {
    [answer.textContent, hint.textContent] = [fault, rest];
  };
  const refuse = () => {
    busy = false;
    say(REFUSED, ADVICE);
    field.setAttribute("aria-invalid", "true");
    field.select();
  };
  form.addEventListener("submit", (/** @type {Event} */ event) => {
    event.preventDefault();
    if (busy) return;
    busy = true;
    say("", "Wird entschlüsselt …");
    void decrypt(field.value).then(done, refuse);
  });
  field.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (!busy && event.key !== "Enter") say("", event.getModifierState("CapsLock") ? "Die Feststelltaste ist an." : "");
  });
}

/** @param {() => void} start what the scaffold does in an open page */
function unseal(start) {
  const sealed = sealedHere();
  const fault = obstacle(sealed);
  const parts = gate();
  const day = String(sealed?.stand ?? "").split("-").reverse().join(".");
  const lock = element("main", { class: "lock" }, [
    element("h1", {}, ["Verschlüsselte Karte"]),
    element("p", {}, ["Sie öffnet sich mit dem Passwort, das Sie auf einem anderen Weg erhalten haben."]),
    element("p", { class: "hint" }, [day && `Stand ${day}`]),
    fault ? element("p", { class: "refused", role: "alert" }, [fault]) : parts.form,
    element("p", { class: "note" }, ["Diese Datei lädt nichts aus dem Netz und sendet nichts. Das Passwort bleibt in Ihrem Browser."]),
  ]);
  document.body.prepend(lock);
  parts.field.focus();
  const done = (/** @type {string} */ text) => {
    lock.remove();
    begin(text, start);
  };
  attend(parts, (password) => opened(/** @type {Sealed} */ (sealed), password), done);
}

if (typeof window !== "undefined") Object.assign(window, { unseal });
