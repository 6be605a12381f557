/**
 * The clock of the account: its time beside the real time, and the controls that change it.
 */

import { h, utc } from "./dom.js";

/** @typedef {import("./page.js").App} App */
/** @typedef {{now: string, speed: number, frozen: boolean, next_at: string | null}} Time */

const STEPS = /** @type {const} */ ([["+1 h", 3600], ["+6 h", 21600], ["+1 d", 86400]]);
const SPEEDS = [1, 10, 60, 600, 3600];
/** Interval of updates of the shown time, in milliseconds. */
const TICK = 250;

/** The clock in the page header. */
export class Clock {
  /** @type {Time | null} */
  #time = null;
  #since = 0;

  /** @param {HTMLElement} root @param {App} app */
  constructor(root, app) {
    this.app = app;
    this.shown = h("time", { class: "now" });
    this.real = h("time", { class: "real-time" });
    this.ofAccount = h("p", { class: "reading", hidden: true });
    this.none = h("p", { class: "quiet", hidden: true }, "Each account has its own clock; choose an account to see and change it.");
    this.state = h("span", { class: "state" });
    this.toggle = button("Freeze", () => this.#update({ frozen: !this.#time?.frozen }));
    this.next = button("Next event", () => this.#advanceToNext());
    this.nextAt = h("span", { class: "quiet next" });
    this.moment = h("input", { type: "datetime-local", step: 1, required: true });
    this.speed = h("select", { on: { change: () => this.#setSpeed() } });
    // The style sheet shows this button on narrow screens only.
    this.more = h("button", { type: "button", class: "more", "aria-expanded": false, on: { click: () => this.#showMore() } }, "More");
    const steps = STEPS.map(([name, seconds]) => button(name, () => this.#advance({ seconds }), `Advance by ${name.slice(1)}`));
    this.ofAccount.append(h("span", { class: "quiet" }, "Account's clock "), this.shown, " UTC ", this.state);
    root.append(
      this.ofAccount,
      this.none,
      h("p", { class: "quiet" }, "Real time ", this.real, " UTC"),
    );
    this.controls = root.appendChild(
      h("div", { class: "buttons", role: "group", "aria-label": "Clock controls", hidden: true },
        this.toggle,
        ...steps,
        this.next,
        this.nextAt,
        this.more,
        h("div", { class: "extra" },
          h("label", {}, "Speed ", this.speed),
          h("form", { on: { submit: (/** @type {Event} */ event) => this.#set(event) } },
            h("label", {}, "Set to ", this.moment),
            h("button", {}, "Set"),
          ),
        ),
      ),
    );
    setInterval(() => this.#tick(), TICK);
  }

  /** Load the current state of the clock. */
  async load() {
    this.take(this.app.admin.isStream ? null : await this.app.admin.request("GET", "clock"));
  }

  /** Show a state of the clock; null for a stream. @param {Time | null} time */
  take(time) {
    this.#time = time;
    this.#since = performance.now();
    this.ofAccount.hidden = this.controls.hidden = !time;
    this.none.hidden = Boolean(time);
    if (!time) return;
    this.state.textContent = time.frozen ? "frozen" : time.speed === 1 ? "running" : `running at speed ${time.speed}`;
    this.toggle.textContent = time.frozen ? "Run" : "Freeze";
    /** @type {HTMLButtonElement} */ (this.next).disabled = !time.next_at;
    this.nextAt.textContent = time.next_at ? `at ${utc(time.next_at)}` : "none";
    this.#offerSpeeds(time.speed || 1);
    this.#tick();
  }

  /** @param {number} speed */
  #offerSpeeds(speed) {
    const select = /** @type {HTMLSelectElement} */ (this.speed);
    if (document.activeElement === select && select.options.length) return;
    const speeds = [...new Set([...SPEEDS, speed])].sort((one, other) => one - other);
    select.replaceChildren(...speeds.map((each) => h("option", { value: each, selected: each === speed }, `× ${each}`)));
  }

  #tick() {
    this.real.textContent = utc(Date.now());
    if (!this.#time) return;
    // Between two loads the time is extrapolated from the speed.
    const passed = (performance.now() - this.#since) * this.#time.speed;
    this.shown.textContent = utc(Date.parse(this.#time.now) + passed);
  }

  /** @param {object} change */
  #update(change) {
    this.#change("PATCH", "clock", change);
  }

  /** @param {object} change */
  #advance(change) {
    this.#change("POST", "clock/advance", change);
  }

  #showMore() {
    const isOpen = this.more.getAttribute("aria-expanded") === "true";
    this.more.setAttribute("aria-expanded", String(!isOpen));
  }

  #advanceToNext() {
    const { now, next_at } = /** @type {Time} */ (this.#time);
    // An overdue event, such as a webhook retry, is processed by any advance, even by 0 seconds.
    this.#advance(next_at && next_at > now ? { to: next_at } : { seconds: 0 });
  }

  #setSpeed() {
    this.#update({ speed: Number(/** @type {HTMLSelectElement} */ (this.speed).value) });
  }

  /** @param {Event} event */
  #set(event) {
    event.preventDefault();
    // The value of the field has no seconds if they are 0; Date accepts both forms.
    const moment = new Date(`${/** @type {HTMLInputElement} */ (this.moment).value}Z`);
    this.#update({ now: moment.toISOString() });
  }

  /** @param {string} method @param {string} path @param {object} body */
  #change(method, path, body) {
    this.app.run(async () => {
      this.take(await this.app.admin.request(method, path, { body }));
      this.app.notify(`Clock: ${this.shown.textContent} UTC, ${this.state.textContent}.`);
      this.app.refresh();
    });
  }
}

/** @param {string} name @param {() => void} action @param {string} [label] */
function button(name, action, label) {
  return h("button", { type: "button", "aria-label": label, on: { click: action } }, name);
}
