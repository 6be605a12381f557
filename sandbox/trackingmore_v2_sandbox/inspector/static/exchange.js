/**
 * One request with its response: the cells of its row, and its details.
 */

import { copyButton } from "./copy.js";
import { count, h, pretty, utc } from "./dom.js";
import { isError } from "./feed.js";
import { asCurl, asPython, isRequestCut } from "./snippets.js";

/** @typedef {import("./feed.js").Exchange} Exchange */
/** @typedef {import("./page.js").App} App */

const COPIED = "it reads the key from TRACKINGMORE_API_KEY.";

/** Headings of the cells of a row. @param {boolean} isStream Whether the rows are of several accounts. */
export function headings(isStream) {
  return [
    h("span", {}, isStream ? "Real time" : "Account's clock"),
    isStream && h("span", {}, "Account"),
    h("span", { class: "of-request" }, "Request"),
    ...["Code", "Notes", "ms"].map((name) => h("span", {}, name)),
  ].filter((each) => each instanceof Node);
}

/** The cells of a row. @param {Exchange} item @param {boolean} isStream */
export function cells(item, isStream) {
  const notes = [];
  if (item.hints.length) notes.push(h("span", { class: "note hint" }, count(item.hints.length, "hint")));
  if (item.fault) notes.push(h("span", { class: "note fault" }, item.fault));
  return [
    h("span", { class: "time", title: times(item) }, utc(isStream ? item.arrived_at : item.at).slice(11)),
    isStream && h("span", { class: "owner", title: item.account }, owner(item)),
    h("span", { class: "what", title: `${item.method} ${target(item)}` },
      h("span", { class: "call" },
        h("span", { class: "method" }, item.method),
        " ",
        h("span", { class: "operation" }, operation(item)),
      ),
      " ",
      h("span", { class: "on" },
        item.trackings.length > 0 && h("span", { class: "named" }, trackingNames(item), " "),
        h("span", { class: "path" }, target(item)),
      ),
    ),
    h("span", { class: isError(item) ? "code error" : "code" }, codeText(item)),
    h("span", { class: "notes" }, ...notes),
    h("span", { class: "took" }, item.milliseconds.toFixed(1)),
  ].filter((each) => each instanceof HTMLElement);
}

/** The details of an exchange. @param {Exchange} item @param {App} app @param {() => void} onClose */
export function details(item, app, onClose) {
  return h("div", {},
    h("div", { class: "detail-head" },
      h("h2", { tabindex: -1 }, h("span", { class: "method" }, item.method), ` ${target(item)}`),
      h("button", { on: { click: onClose } }, "Close"),
    ),
    h("div", { class: "actions" },
      copyButton(app, "Copy as curl", () => asCurl(item, location.origin), `Copied the curl command; ${COPIED}`),
      copyButton(app, "Copy as Python", () => asPython(item, location.origin), `Copied the Python script; ${COPIED}`),
    ),
    facts(item),
    hints(item),
    h("h3", {}, "Request"),
    item.query ? h("pre", { tabindex: 0, "aria-label": "Query" }, queryLines(item.query)) : null,
    body(item.request, isRequestCut(item), "Request body"),
    h("h3", {}, "Response"),
    body(item.response, isResponseCut(item), "Response body"),
  );
}

/** Return path and query as they were sent. @param {Exchange} item */
function target(item) {
  return item.path + (item.query ? `?${item.query}` : "");
}

/** @param {Exchange} item */
function times({ account, at, arrived_at }) {
  const real = `${utc(arrived_at)} UTC in real time`;
  return account === null ? real : `${utc(at)} UTC by the account's clock, ${real}`;
}

/** @param {Exchange} item */
function owner(item) {
  const isInvalid = item.account === null && item.key !== null && !isOfUnknownHost(item);
  return isInvalid ? "invalid key" : (item.key ?? "no key");
}

/** @param {Exchange} item */
function operation(item) {
  return item.operation ?? (isOfUnknownHost(item) ? "unknown host" : "unknown route");
}

/** Return whether a request was rejected before its key and route were read. @param {Exchange} item */
function isOfUnknownHost({ account, code }) {
  return account === null && code === 403;
}

/** Return the trackings that the request names, such as `AB1 and 39 more`. @param {Exchange} item */
function trackingNames({ trackings, trackings_total }) {
  const [first] = trackings;
  if (trackings_total === null) return `${first.tracking_number} and more`;
  const others = trackings_total - 1;
  return first.tracking_number + (others > 0 ? ` and ${others.toLocaleString("en")} more` : "");
}

/** @param {Exchange} item */
function codeText(item) {
  if (item.status === 200) return String(item.code ?? "no code");
  return item.code === null || item.code === item.status ? `HTTP ${item.status}` : `${item.code} (HTTP ${item.status})`;
}

/** @param {Exchange} item */
function facts(item) {
  const rows = [
    ["Operation", operation(item)],
    item.trackings.length > 0 && ["Trackings", allTrackings(item)],
    ["Account", item.account ?? "without account"],
    ["API key", item.key ?? "none"],
    item.account !== null && ["Account's clock", `${utc(item.at)} UTC`],
    ["Real time", `${utc(item.arrived_at)} UTC`],
    ["Took", `${item.milliseconds.toFixed(2)} ms`],
    ["HTTP status", item.status || "none"],
    ["Meta code", item.code ?? "none"],
    ["Size", `request ${count(item.request_size, "byte")}, response ${count(item.response_size, "byte")}`],
    item.fault && ["Fault", item.fault],
    ...Object.entries(item.headers),
  ];
  return h("dl", { class: "facts" }, ...rows.flatMap((row) => (row ? [h("dt", {}, row[0]), h("dd", {}, row[1])] : [])));
}

/** @param {Exchange} item */
function allTrackings({ trackings, trackings_total }) {
  const names = trackings.map((each) => [each.carrier_code, each.tracking_number].filter(Boolean).join(" "));
  const others = (trackings_total ?? 0) - trackings.length;
  if (trackings_total === null) names.push("and more");
  if (others > 0) names.push(`and ${others.toLocaleString("en")} more`);
  return names.join(", ");
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
