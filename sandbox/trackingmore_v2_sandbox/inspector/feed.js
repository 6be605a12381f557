/**
 * The requests of one account as they come, kept in memory, with a filter.
 */

import { Refused } from "./control.js";

/** @typedef {{pointer: string, expected: string, got: string, see: string}} Hint */
/**
 * @typedef {object} Exchange
 * @property {number} sequence
 * @property {string} at
 * @property {string} method
 * @property {string} path
 * @property {string} query
 * @property {Record<string, string>} headers
 * @property {string} request
 * @property {number} request_size
 * @property {string | null} operation
 * @property {number} status
 * @property {number | null} code
 * @property {string} answer
 * @property {number} answer_size
 * @property {Hint[]} hints
 * @property {string | null} fault
 * @property {number} milliseconds
 * @property {string} haystack What the text filter looks in; added here.
 */
/** @typedef {{text: string, operation: string, code: string}} Filter */

const MOST = 100_000;
const MOST_CHARACTERS = 64 * 1024 * 1024;
const PAGE = 1000;
const WAIT = 25;
const PAUSES = [500, 1000, 2000, 5000];

/** What is known of the requests of one account. */
export class Feed {
  /** @type {Exchange[]} Oldest first. */
  all = [];
  /** @type {Exchange[]} Those that pass the filter, oldest first. */
  shown = [];
  /** @type {Filter} */
  filter = { text: "", operation: "", code: "" };
  #last = 0;
  #characters = 0;

  /** Take up what is new. @param {Exchange[]} items Oldest first. */
  add(items) {
    if (items.length && items[0].sequence <= this.#last) this.clear(); // The sandbox began anew.
    for (const item of items) {
      item.haystack = haystack(item);
      this.#characters += item.haystack.length;
      this.all.push(item);
      if (passes(item, this.filter)) this.shown.push(item);
    }
    this.#last = items.at(-1)?.sequence ?? this.#last;
    this.#forgetOldest();
  }

  #forgetOldest() {
    let gone = 0;
    while (this.all.length - gone > MOST || (this.#characters > MOST_CHARACTERS && gone < this.all.length - 1)) {
      this.#characters -= this.all[gone].haystack.length;
      gone += 1;
    }
    if (!gone) return;
    this.all.splice(0, gone);
    const oldest = this.all[0].sequence;
    const first = this.shown.findIndex((item) => item.sequence >= oldest);
    this.shown.splice(0, first < 0 ? this.shown.length : first);
  }

  /** Forget what came so far. */
  clear() {
    this.all = [];
    this.shown = [];
    this.#characters = 0;
  }

  /** @param {Filter} filter */
  setFilter(filter) {
    this.filter = { ...filter, text: filter.text.trim().toLowerCase() };
    this.shown = this.all.filter((item) => passes(item, this.filter));
  }

  /**
   * Follow the log until it is aborted.
   * @param {import("./control.js").Control} control
   * @param {AbortSignal} signal
   * @param {(fresh: Exchange[]) => void} onNews
   * @param {(problem: Error | null) => void} onState Is told of each failure, and when all is well.
   */
  async follow(control, signal, onNews, onState) {
    let failures = 0;
    let wait = 0;
    while (!signal.aborted) {
      try {
        const query = { after: this.#last, wait, limit: PAGE };
        const page = await control.ask("GET", "log", { query, signal });
        if (signal.aborted) return;
        failures = 0;
        wait = WAIT;
        onState(null);
        this.add(page.items);
        this.#last = page.last;
        onNews(page.items);
      } catch (error) {
        if (signal.aborted) return;
        onState(/** @type {Error} */ (error));
        if (error instanceof Refused && error.status === 401) return;
        await pause(PAUSES[Math.min(failures, PAUSES.length - 1)]);
        failures += 1;
        wait = 0;
      }
    }
  }
}

/** @param {number} milliseconds */
function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** @param {Exchange} item */
function haystack(item) {
  const hints = item.hints.map((hint) => Object.values(hint).join(" "));
  const parts = [
    `${item.method} ${item.path}?${item.query}`,
    item.operation,
    item.fault,
    ...hints,
    item.request,
    item.answer,
  ];
  return parts.join("\n").toLowerCase();
}

/** @param {Exchange} item @param {Filter} filter */
function passes(item, { text, operation, code }) {
  return (
    (!operation || item.operation === operation) &&
    (!code || matchesCode(item, code)) &&
    (!text || item.haystack.includes(text))
  );
}

/** Whether the API did what was asked. @param {Exchange} item */
export function isRefused(item) {
  return item.status !== 200 || item.code === null || item.code > 299;
}

/** @param {Exchange} item @param {string} code */
function matchesCode(item, code) {
  if (code === "refused") return isRefused(item);
  if (code === "hints") return item.hints.length > 0;
  if (code === "fault") return item.fault !== null;
  return String(item.code) === code;
}
