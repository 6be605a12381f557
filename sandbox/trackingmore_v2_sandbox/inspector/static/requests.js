/**
 * The requests section: a filter, the list, and the details of one request.
 */

import { count, h, isVisible, onEscape } from "./dom.js";
import { cells, details, headings } from "./exchange.js";
import { Feed } from "./feed.js";
import { firstRequest } from "./first_request.js";
import { LongList } from "./list.js";

/** @typedef {import("./feed.js").Exchange} Exchange */
/** @typedef {import("./page.js").App} App */

const FIXED_FILTERS = [
  ["", "All responses"],
  ["error", "Errors"],
  ["hints", "With hints"],
  ["fault", "With a fault"],
];

/** Limit of the admin API for one export. */
const MAX_EXPORTED = 10_000;

/** The requests section. */
export class Requests {
  feed = new Feed();
  /** @type {Map<string, Set<string>>} */
  #choices = new Map();
  /** Whether the log was read, so that an empty list means that there are no requests. */
  #isLoaded = false;

  /** @param {HTMLElement} root @param {App} app */
  constructor(root, app) {
    this.app = app;
    this.element = root;
    const refilter = () => this.#filter();
    this.text = h("input", {
      type: "search",
      placeholder: "Number, path, body, hint",
      "aria-label": "Filter by text",
      on: { input: refilter },
    });
    this.operation = h("select", { "aria-label": "Filter by operation", on: { change: refilter } });
    this.code = h("select", { "aria-label": "Filter by code", on: { change: refilter } });
    this.count = h("p", { class: "count", role: "status" });
    this.list = new LongList({
      label: "Requests, newest first",
      render: (item) => cells(item, app.admin.isStream),
      onOpen: (item, byKey) => this.#open(item, byKey),
      onMove: (item) => this.#isOpen() && this.#open(item, false),
    });
    this.none = h("p", {});
    this.example = firstRequest(app);
    this.empty = h("div", { class: "empty", hidden: true }, this.none, this.example);
    this.head = h("div", { class: "row head", "aria-hidden": "true" });
    this.detail = h("section", { class: "detail", "aria-label": "Request", hidden: true });
    root.append(
      h("div", { class: "bar", role: "search", "aria-label": "Requests" },
        this.text,
        this.operation,
        this.code,
        this.count,
        h("button", { on: { click: () => this.#export() } }, "Export as HAR"),
        h("button", { on: { click: () => this.#clear() } }, "Clear"),
      ),
      h("div", { class: "split" },
        h("div", { class: "requests" }, this.head, this.list.element, this.empty),
        this.detail,
      ),
    );
    onEscape(root, () => this.#close());
    this.reset();
  }

  /** Clear the section, for another account. */
  reset() {
    this.feed = new Feed();
    this.#isLoaded = false;
    this.head.replaceChildren(...headings(this.app.admin.isStream));
    this.element.classList.toggle("stream", this.app.admin.isStream);
    this.#choices = new Map([["operation", new Set()], ["code", new Set()]]);
    this.operation.replaceChildren(option("", "All operations"));
    this.code.replaceChildren(...FIXED_FILTERS.map(([value, name]) => option(value, name)));
    this.#filter();
    this.#close();
  }

  /** Show added exchanges. @param {Exchange[]} added */
  take(added) {
    this.#isLoaded = true;
    for (const item of added) {
      if (item.operation) this.#offer("operation", this.operation, item.operation);
      if (item.code !== null) this.#offer("code", this.code, String(item.code));
    }
    this.#draw();
  }

  /** @param {string} kind @param {HTMLElement} select @param {string} value */
  #offer(kind, select, value) {
    const known = /** @type {Set<string>} */ (this.#choices.get(kind));
    if (known.has(value)) return;
    known.add(value);
    const name = kind === "code" ? `Code ${value}` : value;
    const fixed = kind === "code" ? FIXED_FILTERS.length : 1;
    const next = [...select.children].slice(fixed).find((other) => (other.textContent ?? "") > name);
    select.insertBefore(option(value, name), next ?? null);
  }

  #filter() {
    const value = (/** @type {any} */ field) => field.value;
    const filter = { text: value(this.text), operation: value(this.operation), code: value(this.code) };
    this.feed.setFilter(filter);
    this.list.element.scrollTop = 0;
    this.#draw();
  }

  #draw() {
    const { all, shown } = this.feed;
    this.list.set(shown);
    const total = count(all.length, "request");
    this.count.textContent = all.length === shown.length ? total : `${shown.length.toLocaleString("en")} of ${total}`;
    this.empty.hidden = shown.length > 0 || !this.#isLoaded;
    this.example.hidden = all.length > 0;
    this.none.textContent = all.length ? "No requests match the filter." : "No requests yet. New requests appear here.";
  }

  #export() {
    this.app.run(async () => {
      save(await this.app.admin.download("log/har", { limit: MAX_EXPORTED }), "sandbox.har");
      this.app.notify("Exported as sandbox.har, with API keys masked.");
    });
  }

  #clear() {
    const isAll = this.app.admin.scope === "all";
    if (isAll && !confirm("Delete the requests of all accounts from the log?")) return;
    this.app.run(async () => {
      await this.app.admin.request("DELETE", "log");
      this.feed.clear();
      this.#close();
      this.#draw();
    });
  }

  #isOpen() {
    return !this.detail.hidden;
  }

  #close() {
    if (!this.#isOpen()) return;
    const hadFocus = this.detail.contains(document.activeElement);
    this.detail.hidden = true;
    this.detail.replaceChildren();
    if (hadFocus) this.list.element.focus();
  }

  /** @param {Exchange} item @param {boolean} byKey Whether to move the focus to the details. */
  #open(item, byKey) {
    this.detail.replaceChildren(details(item, this.app, () => this.#close()));
    this.detail.hidden = false;
    this.detail.scrollTop = 0;
    if (byKey || !isVisible(this.list.element)) this.detail.querySelector("h2")?.focus();
  }
}

/** @param {string} value @param {string} name */
function option(value, name) {
  return h("option", { value }, name);
}

/** Save content as a file of the user. @param {Blob} content @param {string} name */
function save(content, name) {
  const url = URL.createObjectURL(content);
  h("a", { href: url, download: name }).click();
  URL.revokeObjectURL(url);
}
