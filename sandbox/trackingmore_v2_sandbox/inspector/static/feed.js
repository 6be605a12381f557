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
const MOST_CHARACTERS = 128 * 1024 * 1024;
const FIRST = 100;
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
  #filter = { text: "", operation: "", code: "" };
  #characters = 0;

  /** Take something up, all of it before or after each of the others. @param {Exchange[]} items Oldest first. */
  add(items) {
    if (!items.length) return;
    for (const item of items) {
      item.haystack = haystack(item);
      this.#characters += item.haystack.length;
    }
    insert(this.all, items);
    insert(this.shown, items.filter((item) => passes(item, this.#filter)));
    this.#forgetOldest();
  }

  #forgetOldest() {
    let gone = 0;
    while (this.#isFull(gone) && gone < this.all.length - 1) {
      this.#characters -= this.all[gone].haystack.length;
      gone += 1;
    }
    if (!gone) return;
    this.all.splice(0, gone);
    this.shown.splice(0, placeOf(this.shown, this.all[0].sequence));
  }

  /** @param {number} gone How many are about to be forgotten. */
  #isFull(gone = 0) {
    return this.all.length - gone > MOST || this.#characters > MOST_CHARACTERS;
  }

  /** Forget what came so far. */
  clear() {
    this.all = [];
    this.shown = [];
    this.#characters = 0;
  }

  /** @param {Filter} filter */
  setFilter(filter) {
    this.#filter = { ...filter, text: filter.text.trim().toLowerCase() };
    this.shown = this.all.filter((item) => passes(item, this.#filter));
  }

  /**
   * Follow the log until it is aborted.
   * @param {import("./control.js").Control} control
   * @param {AbortSignal} signal
   * @param {(fresh: Exchange[]) => void} onNews
   * @param {(problem: Error | null) => void} onState Is told of each failure, and when all is well.
   */
  async follow(control, signal, onNews, onState) {
    const read = async (/** @type {Record<string, number>} */ query) => {
      const page = await control.ask("GET", "log", { query, signal });
      signal.throwIfAborted();
      onState(null);
      return page;
    };
    let [after, wait, failures] = [0, 0, 0];
    while (!signal.aborted) {
      try {
        const limit = after ? PAGE : FIRST;
        const { items, last } = await read({ after, wait, limit });
        if (items.length && items[0].sequence <= after) this.clear(); // The sandbox began anew.
        this.add(items);
        onNews(items);
        if (items.length === limit) await this.#fillIn(read, after, items[0].sequence, onNews);
        [after, wait, failures] = [last, WAIT, 0];
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

  /**
   * Read what came between two requests, the newest first.
   * @param {(query: Record<string, number>) => Promise<{items: Exchange[]}>} read
   * @param {number} after
   * @param {number} before
   * @param {(fresh: Exchange[]) => void} onNews
   */
  async #fillIn(read, after, before, onNews) {
    while (this.all.length < MOST) {
      const { items } = await read({ after, before, limit: PAGE });
      this.add(items);
      onNews(items);
      if (items.length < PAGE) return;
      before = items[0].sequence;
    }
  }
}

/**
 * Put items where they belong.
 * @param {Exchange[]} among
 * @param {Exchange[]} items
 */
function insert(among, items) {
  if (items.length) among.splice(placeOf(among, items[0].sequence), 0, ...items);
}

/** Give the index of the first one from a sequence number on. @param {Exchange[]} among @param {number} sequence */
export function placeOf(among, sequence) {
  let [low, high] = [0, among.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (among[middle].sequence < sequence) low = middle + 1;
    else high = middle;
  }
  return low;
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
