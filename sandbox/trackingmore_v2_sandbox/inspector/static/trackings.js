/**
 * The trackings of the account, and the timeline of one of them.
 */

import { count, h, isVisible, onEscape, show, statusMark, utc } from "./dom.js";
import { Timeline } from "./timeline.js";

/** @typedef {import("./page.js").App} App */
/** @typedef {{id: string, carrier_code: string, tracking_number: string, title: string | null,
 *   order_id: string | null, status: string, substatus: string | null, archived: boolean,
 *   created_at: string, changes_at: string | null}} Tracking */

const PAGE = 50;
/** Milliseconds after the last keystroke until a search starts. */
const TYPING = 150;

/** The trackings section. */
export class Trackings {
  #offset = 0;
  #total = 0;
  /** @type {Tracking | null} */
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
      "aria-label": "Find trackings",
      on: { input: () => this.#search() },
    });
    this.count = h("p", { class: "count", role: "status" });
    this.newer = h("button", { on: { click: () => this.#page(-PAGE) } }, "Newer");
    this.older = h("button", { on: { click: () => this.#page(PAGE) } }, "Older");
    const create = h("button", { on: { click: () => app.createTracking() } }, "Create tracking");
    this.list = h("ul", { class: "trackings", "aria-label": "Trackings" });
    this.empty = h("p", { class: "empty", hidden: true });
    this.timeline = new Timeline();
    this.head = h("div", { class: "timeline-head" });
    this.panel = h("section", { class: "timeline-panel", "aria-label": "Timeline of the tracking", hidden: true }, this.head, this.timeline.element);
    root.append(
      h("div", { class: "bar", role: "search", "aria-label": "Trackings" }, this.query, this.count, create, this.newer, this.older),
      h("div", { class: "split" }, h("div", { class: "side" }, this.list, this.empty), this.panel),
    );
    onEscape(root, () => this.#close());
  }

  /** Clear the section, for another account. */
  reset() {
    this.#offset = 0;
    this.list.replaceChildren();
    this.empty.hidden = true;
    this.count.textContent = "";
    this.#close();
  }

  /** Show the timeline of a tracking. @param {string} carrier @param {string} number */
  open(carrier, number) {
    this.app.run(async () => this.#choose(await this.app.admin.request("GET", pathOf(carrier, number))));
  }

  /** Reload the data of the section. */
  async load() {
    const query = { query: this.#text(), limit: PAGE, offset: this.#offset };
    const { items, total } = await this.app.admin.request("GET", "trackings", { query });
    this.#total = total;
    this.#draw(items);
    if (this.#chosen) await this.#loadTimeline(this.#chosen);
  }

  /** @param {Tracking[]} items */
  #draw(items) {
    show(this.list, items, (tracking) => tracking.id, (tracking) => this.#item(tracking));
    this.#mark();
    const last = this.#offset + items.length;
    this.count.textContent = items.length < this.#total
      ? `${this.#offset + 1} to ${last} of ${count(this.#total, "tracking")}`
      : count(this.#total, "tracking");
    setEnabled(this.newer, this.#offset > 0);
    setEnabled(this.older, last < this.#total);
    this.empty.hidden = items.length > 0;
    this.empty.textContent = this.#text() ? "No trackings found." : "No trackings yet.";
  }

  /** @param {Tracking} tracking */
  #item(tracking) {
    const about = [tracking.carrier_code, tracking.title].filter(Boolean).join(", ");
    return h("li", {},
      h("button", { class: "tracking", "data-id": tracking.id, on: { click: () => this.#choose(tracking) } },
        h("span", { class: "number" }, tracking.tracking_number),
        statusMark(tracking.status, tracking.substatus),
        h("span", { class: "quiet about" }, about),
      ),
    );
  }

  #mark() {
    for (const button of this.list.querySelectorAll(".tracking")) {
      const isChosen = button.getAttribute("data-id") === this.#chosen?.id;
      button.setAttribute("aria-pressed", String(isChosen));
    }
  }

  /** @param {Tracking} tracking */
  #choose(tracking) {
    this.#chosen = tracking;
    this.#mark();
    this.app.run(async () => {
      await this.#loadTimeline(tracking);
      this.panel.scrollTop = 0;
      if (!isVisible(this.list)) this.head.querySelector("h2")?.focus();
    });
  }

  #close() {
    const id = this.#chosen?.id;
    const hadFocus = this.panel.contains(document.activeElement);
    this.#chosen = null;
    this.panel.hidden = true;
    this.#mark();
    if (hadFocus && id) /** @type {any} */ (this.list.querySelector(`[data-id="${CSS.escape(id)}"]`))?.focus();
  }

  /** @param {Tracking} tracking */
  async #loadTimeline(tracking) {
    const details = await this.app.admin.request("GET", pathOf(tracking.carrier_code, tracking.tracking_number));
    // Another tracking may have been chosen during the request.
    if (this.#chosen?.id !== tracking.id) return;
    show(this.head, [{ ...details, now: null, timeline: null }], () => "head", (each) => this.#title(each));
    this.timeline.show(details);
    this.panel.hidden = false;
  }

  /** @param {import("./timeline.js").TrackingTimeline} tracking */
  #title(tracking) {
    const rows = [
      ["Carrier", tracking.carrier_code],
      ["Route", `${tracking.origin} to ${tracking.destination}${tracking.destination_carrier ? `, delivered by ${tracking.destination_carrier}` : ""}`],
      ["Title", tracking.title ?? ""],
      ["Order", tracking.order_id ?? ""],
      ["Next change", tracking.changes_at ? `${utc(tracking.changes_at)} UTC` : "never"],
      ["Times", "in UTC by the account's clock"],
    ].filter(([, value]) => value);
    return h("div", {},
      h("div", { class: "detail-head" },
        h("h2", { tabindex: -1 }, tracking.tracking_number, " ", statusMark(tracking.status, tracking.substatus)),
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

/** @param {string} carrier @param {string} number */
function pathOf(carrier, number) {
  return `trackings/${encodeURIComponent(carrier)}/${encodeURIComponent(number)}`;
}

/** @param {HTMLElement} button @param {boolean} isEnabled */
function setEnabled(button, isEnabled) {
  /** @type {HTMLButtonElement} */ (button).disabled = !isEnabled;
}
