/**
 * A long list of which only the visible rows are in the document.
 */

import { h } from "./dom.js";

const MARGIN = 8;

/**
 * A list box with rows of one height, used by keyboard and pointer. The newest item is on top.
 * @template {{sequence: number}} T
 */
export class LongList {
  /** @type {T[]} Oldest first. */
  #items = [];
  /** @type {Map<T, HTMLElement>} */
  #rows = new Map();
  /** @type {number | null} */
  #active = null;
  #planned = false;

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
          scroll: () => this.#plan(),
          keydown: (/** @type {KeyboardEvent} */ event) => this.#onKey(event),
          click: (/** @type {MouseEvent} */ event) => this.#onClick(event),
          focus: () => this.#onFocus(),
        },
      },
      this.room,
    );
    new ResizeObserver(() => this.#plan()).observe(this.element);
  }

  /** Show other items, or the same with more. @param {T[]} items */
  set(items) {
    const anchor = this.element.scrollTop > 0 ? this.#at(this.#firstVisible()) : undefined;
    const before = anchor && this.#positionOf(anchor.sequence);
    this.#items = items;
    this.room.style.height = `${items.length * this.#rowHeight()}px`;
    const after = anchor && this.#positionOf(anchor.sequence);
    if (before !== undefined && after !== undefined && before >= 0 && after >= 0) {
      this.element.scrollTop += (after - before) * this.#rowHeight();
    }
    if (this.#active !== null && this.#positionOf(this.#active) < 0) this.#setActive(null);
    this.draw();
  }

  #plan() {
    if (this.#planned) return;
    this.#planned = true;
    requestAnimationFrame(() => this.draw());
  }

  /** Put the visible rows into the document. */
  draw() {
    this.#planned = false;
    const first = Math.max(0, this.#firstVisible() - MARGIN);
    const visible = Math.ceil(this.element.clientHeight / this.#rowHeight()) + 2 * MARGIN;
    const last = Math.min(this.#items.length, first + visible);
    const rows = new Map();
    for (let position = first; position < last; position += 1) {
      const item = /** @type {T} */ (this.#at(position));
      const row = this.#rows.get(item) ?? this.#makeRow(item);
      row.style.top = `${position * this.#rowHeight()}px`;
      row.setAttribute("aria-posinset", String(position + 1));
      row.setAttribute("aria-setsize", String(this.#items.length));
      row.setAttribute("aria-selected", String(item.sequence === this.#active));
      rows.set(item, row);
    }
    this.#rows = rows;
    const wanted = [...rows.values()];
    const isSame =
      wanted.length === this.room.children.length &&
      wanted.every((row, index) => row === this.room.children[index]);
    if (!isSame) this.room.replaceChildren(...wanted);
  }

  /** @param {T} item */
  #makeRow(item) {
    const properties = { class: "row", role: "option", id: rowId(item.sequence) };
    return h("div", { ...properties, "data-sequence": item.sequence }, ...this.render(item));
  }

  /** Make an item the active one, and bring it into sight. @param {T} item */
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

  /** Give the position of an item from the top, or -1. @param {number} sequence */
  #positionOf(sequence) {
    let [low, high] = [0, this.#items.length - 1];
    while (low <= high) {
      const middle = (low + high) >> 1;
      const found = this.#items[middle].sequence;
      if (found === sequence) return this.#items.length - 1 - middle;
      if (found < sequence) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }
}

/** @param {number} sequence */
function rowId(sequence) {
  return `exchange-${sequence}`;
}
