/**
 * DOM helpers and formatting. Data is inserted as text only, never as markup.
 */

const SVG = "http://www.w3.org/2000/svg";
const UNITS = /** @type {const} */ ([["d", 86400], ["h", 3600], ["min", 60], ["s", 1]]);

/** @typedef {Node | string | number | null | undefined | false} Child */

/**
 * Create an HTML element.
 * @param {string} tag
 * @param {Record<string, any>} [properties] Attributes; `on` holds event listeners by name. Null and
 *   false are left out, except false for ARIA attributes.
 * @param {...Child} children
 * @returns {HTMLElement}
 */
export function h(tag, properties = {}, ...children) {
  return /** @type {HTMLElement} */ (fill(document.createElement(tag), properties, children));
}

/**
 * Create an SVG element.
 * @param {string} tag
 * @param {Record<string, any>} [properties]
 * @param {...Child} children
 * @returns {SVGElement}
 */
export function svg(tag, properties = {}, ...children) {
  return /** @type {SVGElement} */ (fill(document.createElementNS(SVG, tag), properties, children));
}

/**
 * @param {Element} element
 * @param {Record<string, any>} properties
 * @param {Child[]} children
 */
function fill(element, { on = {}, ...attributes }, children) {
  for (const [name, value] of Object.entries(attributes)) {
    const isState = name.startsWith("aria-");
    if (value !== null && value !== undefined && (value !== false || isState)) {
      element.setAttribute(name, value === true && !isState ? "" : String(value));
    }
  }
  for (const [event, listener] of Object.entries(on)) element.addEventListener(event, listener);
  element.append(...present(children));
  return element;
}

/** @param {Child[]} children */
function present(children) {
  return children
    .filter((child) => child !== null && child !== undefined && child !== false)
    .map((child) => (child instanceof Node ? child : String(child)));
}

/**
 * Return an element that must exist in the page.
 * @param {string} selector
 * @returns {any}
 */
export function find(selector) {
  const found = document.querySelector(selector);
  if (!found) throw new Error(`no element matches ${selector}`);
  return found;
}

/**
 * Render items as children of an element. Unchanged items keep their element and the focus; changed
 * items are rendered again, with open details and the focus restored.
 * @template T
 * @param {Element} parent
 * @param {T[]} items
 * @param {(item: T) => string} keyOf
 * @param {(item: T) => HTMLElement} render
 */
export function show(parent, items, keyOf, render) {
  const existing = new Map([...parent.children].map((child) => [child.getAttribute("data-key"), child]));
  const after = items.map((item) => {
    const [key, print] = [keyOf(item), JSON.stringify(item)];
    const old = existing.get(key);
    if (old?.getAttribute("data-print") === print) return old;
    const made = render(item);
    made.setAttribute("data-key", key);
    made.setAttribute("data-print", print);
    if (old) copyOpenState(old, made);
    return made;
  });
  const focus = focusIn(parent);
  arrange(parent, after);
  if (focus && document.activeElement !== focus.element) {
    const now = focus.element.isConnected ? focus.element : focusable(parent.querySelector(focus.item) ?? parent)[focus.index];
    now?.focus();
  }
}

/**
 * Set the children of an element. Children that are already in place are not touched, so a click or
 * a text selection in them is not interrupted.
 * @param {Element} parent
 * @param {Element[]} children
 */
export function arrange(parent, children) {
  const kept = new Set(children);
  for (const child of [...parent.children]) if (!kept.has(child)) child.remove();
  children.forEach((child, index) => {
    const current = parent.children[index];
    if (current !== child) parent.insertBefore(child, current ?? null);
  });
}

/** @param {Element} old @param {Element} made */
function copyOpenState(old, made) {
  const details = made.querySelectorAll("details");
  old.querySelectorAll("details").forEach((each, index) => {
    if (details[index]) details[index].open = each.open;
  });
}

/** @param {Element} parent */
function focusIn(parent) {
  const element = document.activeElement;
  if (!(element instanceof HTMLElement) || !parent.contains(element)) return null;
  const item = element.closest("[data-key]");
  if (!item) return null;
  const name = CSS.escape(item.getAttribute("data-key") ?? "");
  return { element, item: `[data-key="${name}"]`, index: focusable(item).indexOf(element) };
}

/** Return whether an element is displayed. @param {HTMLElement} element */
export function isVisible(element) {
  return element.getClientRects().length > 0;
}

/** Call a function when Escape is pressed while an element is displayed and no dialog is open. @param {HTMLElement} element @param {() => void} action */
export function onEscape(element, action) {
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && isVisible(element) && !document.querySelector("dialog[open]")) action();
  });
}

/** @param {Element} element @returns {HTMLElement[]} */
function focusable(element) {
  return [...element.querySelectorAll("a[href], button, input, select, summary")].map(
    (each) => /** @type {HTMLElement} */ (each),
  );
}

/** Format a time in UTC: `2026-03-01 12:00:00`. @param {string | number | Date} moment */
export function utc(moment) {
  return new Date(moment).toISOString().slice(0, 19).replace("T", " ");
}

/** Format a duration in its two largest units: `2 d 3 h`. @param {number} seconds */
export function duration(seconds) {
  let rest = Math.round(Math.abs(seconds));
  const parts = [];
  for (const [unit, length] of UNITS) {
    const count = Math.floor(rest / length);
    if (count || (unit === "s" && !parts.length)) parts.push(`${count} ${unit}`);
    rest -= count * length;
  }
  return parts.slice(0, 2).join(" ");
}

/** Format a count with its noun: `2 requests`. @param {number} number @param {string} one @param {string} [many] */
export function count(number, one, many = `${one}s`) {
  return `${number.toLocaleString("en")} ${number === 1 ? one : many}`;
}

/**
 * Indent JSON without parsing it, so that everything stays as sent: long numbers, escapes, and the
 * order of names. Truncated JSON works as well.
 * @param {string} text
 */
export function indented(text) {
  const tokens = text.match(/"[^"\\]*(?:\\.[^"\\]*)*"?|[[\]{},:]|[^\s[\]{},:"]+/gs) ?? [];
  let depth = 0;
  let result = "";
  tokens.forEach((token, index) => {
    const opens = token === "{" || token === "[";
    const closes = token === "}" || token === "]";
    const wasOpened = "{[".includes(tokens[index - 1] ?? " ");
    if (closes) depth = Math.max(0, depth - 1);
    if (index && (closes ? !wasOpened : wasOpened)) result += line(depth);
    result += token;
    if (opens) depth += 1;
    if (token === ",") result += line(depth);
    if (token === ":") result += " ";
  });
  return result;
}

/** @param {number} depth */
function line(depth) {
  return `\n${"  ".repeat(Math.min(depth, 50))}`;
}

/** Format a body: JSON is indented, other text stays unchanged. @param {string} text */
export function pretty(text) {
  return /^\s*[[{]/.test(text) ? indented(text) : text;
}

/** Create the label of a tracking status, with its colour. @param {string | null} status @param {string | null} [detail] */
export function statusMark(status, detail) {
  const name = status ?? "unknown";
  return h("span", { class: "status", "data-status": name }, detail || name);
}
