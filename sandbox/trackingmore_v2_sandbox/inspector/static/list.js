/**
 * A virtual list: only the visible rows are in the document.
 */

import { arrange, h } from "./dom.js";
import { placeOf } from "./feed.js";

/** Rows rendered above and below the visible ones. */
const MARGIN = 8;

/**
 * A list box with rows of equal height, for keyboard and pointer. The newest item is on top.
 * @template {import("./feed.js").Exchange} T
 */
export class LongList {
  /** @type {T[]} Oldest first. */
  #items = [];
  /** @type {Map<T, HTMLElement>} */
  #rows = new Map();
  /** @type {number | null} */
  #active = null;
  #isScheduled = false;
  /** @type {{sequence: number, position: number} | null} The first visible row. */
  #top = null;

  /**
   * @param {{label: string, render: (item: T) => HTMLElement[], onOpen: (item: T, byKey: boolean) => void,
   *   onMove: (item: T) => void}} options
   */
  constructor({ label, render, onOpen, onMove }) {
    this.render = render;
    this.onOpen = onOpen;
    this.onMove = onMove;
    this.room = h("div", { class: "room", role: "presentation" });
    this.element = h(
      "div",
      {
        class: "long-list",
        role: "listbox",
        tabindex: 0,
        "aria-label": label,
        on: {
          scroll: () => this.#scheduleDraw(),
          keydown: (/** @type {KeyboardEvent} */ event) => this.#onKey(event),
          click: (/** @type {MouseEvent} */ event) => this.#onClick(event),
          focus: () => this.#onFocus(),
        },
      },
      this.room,
    );
    new ResizeObserver(() => this.#scheduleDraw()).observe(this.element);
  }

  /** Set the items. The visible rows keep their position when items are added above. @param {T[]} items */
  set(items) {
    this.#items = items;
    this.room.style.height = `${items.length * this.#rowHeight()}px`;
    const position = this.#top ? this.#positionOf(this.#top.sequence) : -1;
    if (this.#top && position >= 0 && this.element.scrollTop > 0) {
      this.element.scrollTop += (position - this.#top.position) * this.#rowHeight();
    }
    if (this.#active !== null && this.#positionOf(this.#active) < 0) this.#setActive(null);
    this.draw();
  }

  #scheduleDraw() {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    requestAnimationFrame(() => this.draw());
  }

  /** Render the visible rows. */
  draw() {
    this.#isScheduled = false;
    const position = this.#firstVisible();
    const top = this.#at(position);
    this.#top = top ? { sequence: top.sequence, position } : null;
    const first = Math.max(0, position - MARGIN);
    const visible = Math.ceil(this.element.clientHeight / this.#rowHeight()) + 2 * MARGIN;
    const last = Math.min(this.#items.length, first + visible);
    const rows = new Map();
    for (let place = first; place < last; place += 1) {
      const item = /** @type {T} */ (this.#at(place));
      const row = this.#rows.get(item) ?? this.#makeRow(item);
      row.style.top = `${place * this.#rowHeight()}px`;
      row.setAttribute("aria-posinset", String(place + 1));
      row.setAttribute("aria-setsize", String(this.#items.length));
      row.setAttribute("aria-selected", String(item.sequence === this.#active));
      rows.set(item, row);
    }
    this.#rows = rows;
    arrange(this.room, [...rows.values()]);
  }

  /** @param {T} item */
  #makeRow(item) {
    const properties = { class: "row", role: "option", id: rowId(item.sequence) };
    return h("div", { ...properties, "data-sequence": item.sequence }, ...this.render(item));
  }

  /** Make an item the active one, and scroll to it. @param {T} item */
  #activate(item) {
    this.#setActive(item.sequence);
    const top = this.#positionOf(item.sequence) * this.#rowHeight();
    const { scrollTop, clientHeight } = this.element;
    if (top < scrollTop) this.element.scrollTop = top;
    const overflow = top + this.#rowHeight() - scrollTop - clientHeight;
    if (overflow > 0) this.element.scrollTop = scrollTop + overflow;
    this.draw();
  }

  /** @param {number | null} sequence */
  #setActive(sequence) {
    this.#active = sequence;
    if (sequence === null) this.element.removeAttribute("aria-activedescendant");
    else this.element.setAttribute("aria-activedescendant", rowId(sequence));
  }

  #onFocus() {
    const first = this.#at(0);
    if (this.#active === null && first) this.#activate(first);
  }

  /** @param {MouseEvent} event */
  #onClick(event) {
    const row = /** @type {Element} */ (event.target).closest("[data-sequence]");
    const item = row && this.#find(Number(row.getAttribute("data-sequence")));
    if (!item) return;
    this.#activate(item);
    this.onOpen(item, false);
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || !this.#items.length) return;
    const now = this.#active === null ? -1 : this.#positionOf(this.#active);
    const page = Math.max(1, Math.floor(this.element.clientHeight / this.#rowHeight()) - 1);
    const end = this.#items.length - 1;
    /** @type {Record<string, number>} */
    const moves = {
      ArrowDown: now + 1,
      ArrowUp: now - 1,
      PageDown: now + page,
      PageUp: now - page,
      Home: 0,
      End: end,
    };
    const opens = event.key === "Enter" || event.key === " ";
    if (!opens && !(event.key in moves)) return;
    event.preventDefault();
    const target = opens ? Math.max(now, 0) : Math.min(Math.max(moves[event.key], 0), end);
    const item = /** @type {T} */ (this.#at(target));
    this.#activate(item);
    if (opens) this.onOpen(item, true);
    else this.onMove(item);
  }

  #rowHeight() {
    return Number.parseFloat(getComputedStyle(this.element).getPropertyValue("--row")) || 32;
  }

  #firstVisible() {
    return Math.floor(this.element.scrollTop / this.#rowHeight());
  }

  /** @param {number} position @returns {T | undefined} */
  #at(position) {
    return this.#items[this.#items.length - 1 - position];
  }

  /** @param {number} sequence */
  #find(sequence) {
    return this.#at(this.#positionOf(sequence));
  }

  /** Return the position of an item from the top, or -1. @param {number} sequence */
  #positionOf(sequence) {
    const index = placeOf(this.#items, sequence);
    return this.#items[index]?.sequence === sequence ? this.#items.length - 1 - index : -1;
  }
}

/** @param {number} sequence */
function rowId(sequence) {
  return `exchange-${sequence}`;
}
