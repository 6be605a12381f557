/**
 * The request log of one or all accounts: polling, storage in memory, and filter.
 */

import { AdminError } from "./admin.js";

/** @typedef {{pointer: string, expected: string, got: string, see: string}} Hint */
/**
 * @typedef {object} Exchange
 * @property {number} sequence
 * @property {string | null} account Id of the account; null without a valid key.
 * @property {string | null} key Masked.
 * @property {string} at By the clock of the account.
 * @property {string} arrived_at In real time.
 * @property {{carrier_code: string | null, tracking_number: string}[]} trackings The first ones that the request names.
 * @property {number | null} trackings_total Null: unknown, because the body was cut.
 * @property {string} method
 * @property {string} path
 * @property {string} query
 * @property {Record<string, string>} headers
 * @property {string} request
 * @property {number} request_size
 * @property {string | null} operation
 * @property {number} status
 * @property {number | null} code
 * @property {string} response
 * @property {number} response_size
 * @property {Hint[]} hints
 * @property {string | null} fault
 * @property {number} milliseconds
 * @property {string} haystack Text that the text filter searches; added by the feed.
 */
/** @typedef {{text: string, operation: string, code: string}} Filter */

const MAX_REQUESTS = 100_000;
const MAX_CHARACTERS = 128 * 1024 * 1024;
/** Size of the first page; it is small, so that the newest requests appear quickly. */
const FIRST = 100;
const PAGE = 1000;
/** Seconds that the server may hold a request for new exchanges (long polling). */
const WAIT = 25;
/** Milliseconds before the first, second, … retry after a failure; the last one also applies to all later retries. */
const RETRY_DELAYS = [500, 1000, 2000, 5000];

/** The loaded part of the request log. */
export class Feed {
  /** @type {Exchange[]} Oldest first. */
  all = [];
  /** @type {Exchange[]} Those that pass the filter, oldest first. */
  shown = [];
  /** @type {Filter} */
  #filter = { text: "", operation: "", code: "" };
  #characters = 0;

  /** Add a page of items, which must not overlap the existing ones. @param {Exchange[]} items Oldest first. */
  add(items) {
    if (!items.length) return;
    for (const item of items) {
      item.haystack = haystack(item);
      this.#characters += item.haystack.length;
    }
    insert(this.all, items);
    insert(this.shown, items.filter((item) => passes(item, this.#filter)));
    this.#removeOldest();
  }

  #removeOldest() {
    let removed = 0;
    while (this.#isFull(removed) && removed < this.all.length - 1) {
      this.#characters -= this.all[removed].haystack.length;
      removed += 1;
    }
    if (!removed) return;
    this.all.splice(0, removed);
    this.shown.splice(0, placeOf(this.shown, this.all[0].sequence));
  }

  /** @param {number} removed Number of items that are about to be removed. */
  #isFull(removed = 0) {
    return this.all.length - removed > MAX_REQUESTS || this.#characters > MAX_CHARACTERS;
  }

  /** Remove all items. */
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
   * Poll the log until the signal aborts.
   * @param {import("./admin.js").AdminClient} admin
   * @param {AbortSignal} signal
   * @param {(added: Exchange[]) => void} onExchanges
   * @param {(problem: Error | null) => void} onState Called with each error, and with null after a success.
   */
  async follow(admin, signal, onExchanges, onState) {
    const read = async (/** @type {Record<string, number>} */ query) => {
      const page = await admin.request("GET", "log", { query, signal });
      signal.throwIfAborted();
      onState(null);
      return page;
    };
    let [after, wait, failures] = [0, 0, 0];
    while (!signal.aborted) {
      try {
        const limit = after ? PAGE : FIRST;
        const { items, last } = await read({ after, wait, limit });
        if (items.length && items[0].sequence <= after) this.clear(); // The sandbox was restarted.
        this.add(items);
        onExchanges(items);
        if (items.length === limit) await this.#fillIn(read, after, items[0].sequence, onExchanges);
        [after, wait, failures] = [last, WAIT, 0];
      } catch (error) {
        if (signal.aborted) return;
        onState(/** @type {Error} */ (error));
        if (error instanceof AdminError && error.status === 401) return;
        await sleep(RETRY_DELAYS[Math.min(failures, RETRY_DELAYS.length - 1)]);
        failures += 1;
        wait = 0;
      }
    }
  }

  /**
   * Load the exchanges between two sequence numbers, newest first.
   * @param {(query: Record<string, number>) => Promise<{items: Exchange[]}>} read
   * @param {number} after
   * @param {number} before
   * @param {(added: Exchange[]) => void} onExchanges
   */
  async #fillIn(read, after, before, onExchanges) {
    while (this.all.length < MAX_REQUESTS) {
      const { items } = await read({ after, before, limit: PAGE });
      this.add(items);
      onExchanges(items);
      if (items.length < PAGE) return;
      before = items[0].sequence;
    }
  }
}

/**
 * Insert items in order of their sequence numbers.
 * @param {Exchange[]} list
 * @param {Exchange[]} items
 */
function insert(list, items) {
  if (items.length) list.splice(placeOf(list, items[0].sequence), 0, ...items);
}

/** Return the index of the first item at or after a sequence number. @param {Exchange[]} list @param {number} sequence */
export function placeOf(list, sequence) {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle].sequence < sequence) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** @param {number} milliseconds */
function sleep(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** @param {Exchange} item */
function haystack(item) {
  const hints = item.hints.map((hint) => Object.values(hint).join(" "));
  const parts = [
    `${item.method} ${item.path}?${item.query}`,
    item.operation,
    item.key,
    item.account,
    item.fault,
    ...hints,
    item.request,
    item.response,
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

/** Return whether the response is an error. @param {Exchange} item */
export function isError(item) {
  return item.status !== 200 || item.code === null || item.code > 299;
}

/** @param {Exchange} item @param {string} code */
function matchesCode(item, code) {
  if (code === "error") return isError(item);
  if (code === "hints") return item.hints.length > 0;
  if (code === "fault") return item.fault !== null;
  return String(item.code) === code;
}
