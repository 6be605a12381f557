/**
 * The account section: limits, usage, and reset.
 */

import { h, show, utc } from "./dom.js";

/** @typedef {import("./page.js").App} App */
/** @typedef {{id: string, key: string, trackings: number, quota: number, used: number,
 *   detections: number, left: number, balance: number, rate_limited: boolean,
 *   locked_until: string | null, key_deleted: boolean, reads_need_quota: boolean}} State */

const NUMBERS = [
  ["quota", "Quota of trackings", 0],
  ["used", "Trackings used", 0],
  ["detections", "Carrier detections used", 0],
  ["balance", "Balance", -2147483648],
];

/** The account section. */
export class Account {
  /** @param {HTMLElement} root @param {App} app */
  constructor(root, app) {
    this.app = app;
    this.root = root;
    this.facts = h("div", {});
    this.settings = h("div", {});
    root.append(
      h("div", { class: "columns" },
        h("section", { class: "narrow", "aria-label": "Used" }, h("h2", {}, "Quota"), this.facts),
        h("section", { class: "wide", "aria-label": "Settings" }, h("h2", {}, "Change"), this.settings),
      ),
    );
  }

  /** Clear the section, for another account. */
  reset() {
    this.facts.replaceChildren();
    this.settings.replaceChildren();
  }

  /** Reload the data of the section. */
  async load() {
    this.#draw(await this.app.admin.request("GET", "account"));
  }

  /** @param {State} state */
  #draw(state) {
    show(this.facts, [state], () => "facts", facts);
    // Do not replace the form while the user edits it.
    if (this.settings.contains(document.activeElement)) return;
    show(this.settings, [state], () => "settings", (each) => this.#controls(each));
  }

  /** @param {State} state */
  #controls(state) {
    const fields = NUMBERS.map(([name, label, min]) =>
      h("label", {}, label, h("input", { name, type: "number", min, max: 2147483648, required: true, value: /** @type {any} */ (state)[name] })),
    );
    return h("div", {},
      h("form", { class: "card grid", on: { submit: (/** @type {Event} */ event) => this.#save(event, state) } }, ...fields, h("button", { class: "primary" }, "Save")),
      h("div", { class: "card switches" },
        this.#switch("Rate limits", state.rate_limited, { rate_limited: !state.rate_limited }),
        this.#switch("Locked out", state.locked_until !== null, { locked: state.locked_until === null }),
        this.#switch("Key deleted", state.key_deleted, { key_deleted: !state.key_deleted }),
        this.#switch("Reads need quota", state.reads_need_quota, { reads_need_quota: !state.reads_need_quota }),
      ),
      h("div", { class: "card" },
        h("p", {}, "Delete trackings, deliveries, requests, faults and settings of this account."),
        h("button", { on: { click: () => this.#reset(state) } }, "Reset account"),
      ),
    );
  }

  /** @param {string} label @param {boolean} isOn @param {object} change */
  #switch(label, isOn, change) {
    return h("p", {},
      h("button", { role: "switch", "aria-checked": isOn, on: { click: () => this.#change(change) } }, label),
      h("span", { class: "quiet" }, isOn ? " on" : " off"),
    );
  }

  /** @param {Event} event @param {State} state */
  #save(event, state) {
    event.preventDefault();
    const fields = new FormData(/** @type {HTMLFormElement} */ (event.target));
    const changed = [...fields]
      .map(([name, value]) => [name, Number(value)])
      .filter(([name, value]) => value !== /** @type {any} */ (state)[name]);
    if (changed.length) this.#change(Object.fromEntries(changed));
  }

  /** @param {object} change */
  #change(change) {
    this.app.run(async () => {
      const state = await this.app.admin.request("PATCH", "account", { body: change });
      show(this.settings, [state], () => "settings", (each) => this.#controls(each));
      this.#draw(state);
      this.app.notify("Account saved.");
    });
  }

  /** @param {State} state */
  #reset(state) {
    if (!confirm(`Delete everything in the account ${state.key}?`)) return;
    this.app.run(async () => {
      await this.app.admin.request("POST", "reset");
      this.app.restart();
      this.app.notify("Account reset.");
    });
  }
}

/** @param {State} state */
function facts(state) {
  const rows = [
    ["Key", state.key],
    ["Id", state.id],
    ["Trackings", state.trackings.toLocaleString("en")],
    ["Used", `${state.used.toLocaleString("en")} of ${state.quota.toLocaleString("en")} trackings`],
    ["Left", state.left.toLocaleString("en")],
    ["Detections", state.detections.toLocaleString("en")],
    ["Balance", state.balance.toLocaleString("en")],
    ["Rate limits", state.rate_limited ? "on" : "off"],
    ["Locked out", state.locked_until ? `until ${utc(state.locked_until)} UTC` : "no"],
    ["Key deleted", state.key_deleted ? "yes" : "no"],
    ["Reads need quota", state.reads_need_quota ? "yes" : "no"],
  ];
  return h("div", { class: "card" },
    h("label", {}, "Quota used ", h("meter", { min: 0, max: Math.max(state.quota, 1), value: state.used })),
    h("dl", { class: "facts" }, ...rows.flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)])),
  );
}
