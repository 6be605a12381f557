/**
 * The requests section: a filter, the list, and the details of one request.
 */

import { count, find, h, isVisible, onEscape, pretty, utc } from "./dom.js";
import { Feed, isError } from "./feed.js";
import { LongList } from "./list.js";
import { asCurl, asPython, isRequestCut } from "./snippets.js";

/** @typedef {import("./feed.js").Exchange} Exchange */
/** @typedef {import("./page.js").App} App */

const FIXED_FILTERS = [
  ["", "All responses"],
  ["error", "Errors"],
  ["hints", "With hints"],
  ["fault", "With a fault"],
];

/** The requests section. */
export class Requests {
  feed = new Feed();
  /** @type {Map<string, Set<string>>} */
  #choices = new Map();

  /** @param {HTMLElement} root @param {App} app */
  constructor(root, app) {
    this.app = app;
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
      render: cells,
      onOpen: (item, byKey) => this.#open(item, byKey),
      onMove: (item) => this.#isOpen() && this.#open(item, false),
    });
    this.empty = h("p", { class: "empty", hidden: true });
    this.detail = h("section", { class: "detail", "aria-label": "Request", hidden: true });
    root.append(
      h("div", { class: "bar", role: "search", "aria-label": "Requests" },
        this.text,
        this.operation,
        this.code,
        this.count,
        h("button", { on: { click: () => this.#clear() } }, "Clear"),
      ),
      h("div", { class: "split" },
        h("div", { class: "requests" },
          h("div", { class: "row head", "aria-hidden": "true" }, ...HEAD.map((name) => h("span", {}, name))),
          this.list.element,
          this.empty,
        ),
        this.detail,
      ),
    );
    onEscape(root, () => this.#close());
    this.reset();
  }

  /** Clear the section, for another account. */
  reset() {
    this.feed = new Feed();
    this.#choices = new Map([["operation", new Set()], ["code", new Set()]]);
    this.operation.replaceChildren(option("", "All operations"));
    this.code.replaceChildren(...FIXED_FILTERS.map(([value, name]) => option(value, name)));
    this.#filter();
    this.#close();
  }

  /** Show added exchanges. @param {Exchange[]} added */
  take(added) {
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
    this.empty.hidden = shown.length > 0;
    this.empty.textContent = all.length ? "No requests match the filter." : "No requests yet. New requests appear here.";
  }

  #clear() {
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
    const title = h("h2", { tabindex: -1 }, h("span", { class: "method" }, item.method), ` ${item.path}`);
    const content = h("div", {},
      h("div", { class: "detail-head" },
        title,
        h("button", { on: { click: () => this.#close() } }, "Close"),
      ),
      h("div", { class: "actions" },
        h("button", { on: { click: () => this.#copy(asCurl(item, location.origin), "curl command") } }, "Copy as curl"),
        h("button", { on: { click: () => this.#copy(asPython(item, location.origin), "Python script") } }, "Copy as Python"),
      ),
      facts(item),
      hints(item),
      h("h3", {}, "Request"),
      item.query ? h("pre", { tabindex: 0, "aria-label": "Query" }, queryLines(item.query)) : null,
      body(item.request, isRequestCut(item), "Request body"),
      h("h3", {}, "Response"),
      body(item.response, isResponseCut(item), "Response body"),
    );
    this.detail.replaceChildren(content);
    this.detail.hidden = false;
    this.detail.scrollTop = 0;
    if (byKey || !isVisible(this.list.element)) title.focus();
  }

  /** @param {string} text @param {string} name */
  async #copy(text, name) {
    try {
      await navigator.clipboard.writeText(text);
      this.app.notify(`Copied the ${name}; it reads the key from TRACKINGMORE_API_KEY.`);
    } catch {
      const area = /** @type {HTMLTextAreaElement} */ (h("textarea", { readonly: true, rows: 8, "aria-label": name }));
      area.value = text;
      this.detail.querySelector("textarea")?.remove();
      find(".actions").after(area);
      area.focus();
      area.select();
      this.app.notify("The browser blocked copying; the text is selected instead.");
    }
  }
}

const HEAD = ["Time", "Request", "Code", "Notes", "ms"];

/** @param {Exchange} item */
function cells(item) {
  const notes = [];
  if (item.hints.length) notes.push(h("span", { class: "note hint" }, count(item.hints.length, "hint")));
  if (item.fault) notes.push(h("span", { class: "note fault" }, item.fault));
  return [
    h("span", { class: "time" }, utc(item.at).slice(11)),
    h("span", { class: "what" },
      h("span", { class: "method" }, item.method),
      " ",
      h("span", { class: "operation" }, item.operation ?? "unknown route"),
      " ",
      h("span", { class: "path" }, item.path + (item.query ? `?${item.query}` : "")),
    ),
    h("span", { class: isError(item) ? "code error" : "code" }, codeText(item)),
    h("span", { class: "notes" }, ...notes),
    h("span", { class: "took" }, item.milliseconds.toFixed(1)),
  ];
}

/** @param {Exchange} item */
function codeText(item) {
  if (item.status === 200) return String(item.code ?? "no code");
  return item.code === null ? `HTTP ${item.status}` : `${item.code} (HTTP ${item.status})`;
}

/** @param {Exchange} item */
function facts(item) {
  const rows = [
    ["Operation", item.operation ?? "unknown route"],
    ["Time", `${utc(item.at)} UTC, took ${item.milliseconds.toFixed(2)} ms`],
    ["HTTP status", item.status || "none"],
    ["Meta code", item.code ?? "none"],
    ["Size", `request ${count(item.request_size, "byte")}, response ${count(item.response_size, "byte")}`],
  ];
  if (item.fault) rows.push(["Fault", item.fault]);
  rows.push(...Object.entries(item.headers));
  return h("dl", { class: "facts" }, ...rows.flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)]));
}

/** @param {Exchange} item */
function hints(item) {
  if (!item.hints.length) return null;
  return h("div", { class: "hints" },
    h("h3", {}, count(item.hints.length, "hint")),
    h("ul", {},
      ...item.hints.map((hint) =>
        h("li", {},
          h("code", {}, hint.pointer),
          h("span", {}, ` expected ${hint.expected}, got `),
          h("code", {}, hint.got),
          h("a", { class: "see", href: hint.see, target: "_blank" }, hint.see),
        ),
      ),
    ),
  );
}

/** @param {string} text @param {boolean} isCutShort @param {string} label */
function body(text, isCutShort, label) {
  if (!text) return h("p", { class: "quiet" }, "No body.");
  return h("div", {},
    isCutShort ? h("p", { class: "quiet" }, "Only the beginning was kept.") : null,
    h("pre", { tabindex: 0, "aria-label": label }, pretty(text)),
  );
}

/** @param {Exchange} item */
function isResponseCut(item) {
  return item.response_size > new TextEncoder().encode(item.response).length;
}

/** @param {string} query */
function queryLines(query) {
  return [...new URLSearchParams(query)].map(([name, value]) => `${name} = ${value}`).join("\n");
}

/** @param {string} value @param {string} name */
function option(value, name) {
  return h("option", { value }, name);
}
