/**
 * Buttons that copy a text.
 */

import { h } from "./dom.js";

/** @typedef {import("./page.js").App} App */

/**
 * Create a button that copies a text. If the browser blocks copying, as it does for pages of other
 * machines without TLS, the text is selected instead.
 * @param {App} app
 * @param {string} label
 * @param {() => string} text
 * @param {string} notice Shown when the text was copied.
 */
export function copyButton(app, label, text, notice) {
  const button = h("button", { type: "button", on: { click: copy } }, label);
  async function copy() {
    try {
      await navigator.clipboard.writeText(text());
      app.notify(notice);
    } catch {
      select(button, label, text());
      app.notify("The browser blocked copying; the text is selected instead.");
    }
  }
  return button;
}

/** @param {HTMLElement} button @param {string} label @param {string} text */
function select(button, label, text) {
  const area = /** @type {HTMLTextAreaElement} */ (h("textarea", { readonly: true, rows: 8, "aria-label": label }));
  area.value = text;
  const row = /** @type {HTMLElement} */ (button.parentElement);
  if (row.nextElementSibling instanceof HTMLTextAreaElement) row.nextElementSibling.remove();
  row.after(area);
  area.focus();
  area.select();
}
