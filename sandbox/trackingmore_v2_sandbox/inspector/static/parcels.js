/**
 * The parcels of the account, and the life of one of them.
 */

import { count, h, isVisible, onEscape, show, statusMark, utc } from "./dom.js";
import { Timeline } from "./timeline.js";

/** @typedef {import("./page.js").App} App */
/** @typedef {{id: string, carrier_code: string, tracking_number: string, title: string | null,
 *   order_id: string | null, status: string, substatus: string | null, archived: boolean,
 *   created_at: string, changes_at: string | null}} Parcel */

const PAGE = 50;
const TYPING = 150;

/** The section of the parcels. */
export class Parcels {
  #offset = 0;
  #total = 0;
  /** @type {Parcel | null} */
  #chosen = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #typing;

  /** @param {HTMLElement} root @param {App} app */
  constructor(root, app) {
    this.app = app;
    this.query = h("input", {
      type: "search",
      maxlength: 100,
      placeholder: "Number, title, order",
      "aria-label": "Find parcels",
      on: { input: () => this.#search() },
    });
    this.count = h("p", { class: "count", role: "status" });
    this.back = h("button", { on: { click: () => this.#page(-PAGE) } }, "Newer");
    this.on = h("button", { on: { click: () => this.#page(PAGE) } }, "Older");
    this.list = h("ul", { class: "parcels", "aria-label": "Parcels" });
    this.empty = h("p", { class: "empty" });
    this.timeline = new Timeline();
    this.head = h("div", { class: "life-head" });
    this.life = h("section", { class: "life", "aria-label": "Life of the parcel", hidden: true }, this.head, this.timeline.element);
    root.append(
      h("div", { class: "bar", role: "search", "aria-label": "Parcels" }, this.query, this.count, this.back, this.on),
      h("div", { class: "split" }, h("div", { class: "side" }, this.list, this.empty), this.life),
    );
    onEscape(root, () => this.#close());
  }

  /** Begin anew, for another account. */
  reset() {
    this.#offset = 0;
    this.list.replaceChildren();
    this.#close();
  }

  /** Read everything anew. */
  async load() {
    const query = { query: this.#text(), limit: PAGE, offset: this.#offset };
    const { items, total } = await this.app.control.ask("GET", "parcels", { query });
    this.#total = total;
    this.#draw(items);
    if (this.#chosen) await this.#loadLife(this.#chosen);
  }

  /** @param {Parcel[]} items */
  #draw(items) {
    show(this.list, items, (parcel) => parcel.id, (parcel) => this.#item(parcel));
    this.#mark();
    const last = this.#offset + items.length;
    this.count.textContent = items.length < this.#total
      ? `${this.#offset + 1} to ${last} of ${count(this.#total, "parcel")}`
      : count(this.#total, "parcel");
    setEnabled(this.back, this.#offset > 0);
    setEnabled(this.on, last < this.#total);
    this.empty.hidden = items.length > 0;
    this.empty.textContent = this.#text() ? "No parcel is found." : "The account follows no parcels yet.";
  }

  /** @param {Parcel} parcel */
  #item(parcel) {
    const about = [parcel.carrier_code, parcel.title].filter(Boolean).join(", ");
    return h("li", {},
      h("button", { class: "parcel", "data-id": parcel.id, on: { click: () => this.#choose(parcel) } },
        h("span", { class: "number" }, parcel.tracking_number),
        statusMark(parcel.status, parcel.substatus),
        h("span", { class: "quiet about" }, about),
      ),
    );
  }

  #mark() {
    for (const button of this.list.querySelectorAll(".parcel")) {
      const isChosen = button.getAttribute("data-id") === this.#chosen?.id;
      button.setAttribute("aria-pressed", String(isChosen));
    }
  }

  /** @param {Parcel} parcel */
  #choose(parcel) {
    this.#chosen = parcel;
    this.#mark();
    this.app.run(async () => {
      await this.#loadLife(parcel);
      this.life.scrollTop = 0;
      if (!isVisible(this.list)) this.head.querySelector("h2")?.focus();
    });
  }

  #close() {
    const id = this.#chosen?.id;
    const hadFocus = this.life.contains(document.activeElement);
    this.#chosen = null;
    this.life.hidden = true;
    this.#mark();
    if (hadFocus && id) /** @type {any} */ (this.list.querySelector(`[data-id="${CSS.escape(id)}"]`))?.focus();
  }

  /** @param {Parcel} parcel */
  async #loadLife(parcel) {
    const path = `parcels/${encodeURIComponent(parcel.carrier_code)}/${encodeURIComponent(parcel.tracking_number)}`;
    const life = await this.app.control.ask("GET", path);
    if (this.#chosen?.id !== parcel.id) return;
    show(this.head, [{ ...life, now: null, timeline: null }], () => "head", (each) => this.#title(each));
    this.timeline.show(life);
    this.life.hidden = false;
  }

  /** @param {import("./timeline.js").Life} life */
  #title(life) {
    const rows = [
      ["Carrier", life.carrier_code],
      ["Route", `${life.origin} to ${life.destination}${life.destination_carrier ? `, there with ${life.destination_carrier}` : ""}`],
      ["Title", life.title ?? ""],
      ["Order", life.order_id ?? ""],
      ["Changes next", life.changes_at ? `${utc(life.changes_at)} UTC` : "never"],
    ].filter(([, value]) => value);
    return h("div", {},
      h("div", { class: "detail-head" },
        h("h2", { tabindex: -1 }, life.tracking_number, " ", statusMark(life.status, life.substatus)),
        h("button", { on: { click: () => this.#close() } }, "Close"),
      ),
      h("dl", { class: "facts" }, ...rows.flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)])),
    );
  }

  #text() {
    return /** @type {HTMLInputElement} */ (this.query).value.trim();
  }

  #search() {
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => this.#page(-this.#offset), TYPING);
  }

  /** @param {number} by */
  #page(by) {
    this.#offset = Math.max(0, this.#offset + by);
    this.app.run(() => this.load());
  }
}

/** @param {HTMLElement} button @param {boolean} isEnabled */
function setEnabled(button, isEnabled) {
  /** @type {HTMLButtonElement} */ (button).disabled = !isEnabled;
}
