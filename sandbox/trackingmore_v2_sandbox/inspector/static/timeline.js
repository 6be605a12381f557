/**
 * The timeline of a tracking: a strip that is to scale, and a list of its steps with a map.
 *
 * Past steps are solid, future steps are dashed.
 */

import { duration, h, statusMark, svg, utc } from "./dom.js";

/** @typedef {{at: string, kind: "registered" | "carrier" | "shown", status: string | null,
 *   substatus: string | null, text: string | null, place: string | null,
 *   leg: "origin" | "destination" | null}} Step */
/** @typedef {{carrier_code: string, tracking_number: string, title: string | null,
 *   order_id: string | null, status: string, substatus: string | null, now: string, origin: string,
 *   destination: string, destination_carrier: string | null, changes_at: string | null,
 *   timeline: Step[]}} TrackingTimeline */
/** @typedef {{name: string, steps: Step[], x: number}} Lane */

const ROW = 46;
const NOW_ROW = 30;
const TRACK_X = 8;
const ORIGIN_X = 30;
const DESTINATION_X = 50;
const MAP_WIDTH = 62;
const LANE = 22;
const MARGIN = 0.04;

/** The timeline of one tracking. */
export class Timeline {
  element = h("div", { class: "timeline" });
  #print = "";
  /** @type {SVGElement | null} */
  #nowLine = null;
  /** @type {HTMLElement | null} */
  #nowText = null;

  /** Show a timeline. @param {TrackingTimeline} tracking */
  show(tracking) {
    const past = tracking.timeline.filter((step) => isPast(step, tracking)).length;
    const print = JSON.stringify([{ ...tracking, now: past }]);
    // Draw only if a step changed or has passed: drawing would end a text selection.
    if (print !== this.#print) this.#draw(tracking);
    this.#print = print;
    const x = `${position(tracking, tracking.now)}%`;
    this.#nowLine?.setAttribute("x1", x);
    this.#nowLine?.setAttribute("x2", x);
    if (this.#nowText) this.#nowText.textContent = utc(tracking.now);
  }

  /** @param {TrackingTimeline} tracking */
  #draw(tracking) {
    this.#nowLine = svg("line", { class: "now-line", y1: 0, y2: "100%" });
    this.#nowText = h("span", { class: "time" });
    const lanes = lanesOf(tracking);
    this.element.replaceChildren(
      strip(tracking, lanes, this.#nowLine),
      legend(),
      map(tracking, lanes, this.#nowText),
    );
  }
}

/** @param {TrackingTimeline} tracking @returns {Lane[]} */
function lanesOf(tracking) {
  const steps = (/** @type {string} */ leg) => tracking.timeline.filter((step) => step.leg === leg);
  const abroad = tracking.destination_carrier ?? tracking.carrier_code;
  return [
    { name: `${tracking.carrier_code}, ${tracking.origin}`, steps: steps("origin"), x: ORIGIN_X },
    { name: `${abroad}, ${tracking.destination}`, steps: steps("destination"), x: DESTINATION_X },
  ].filter((lane) => lane.steps.length);
}

/** @param {{at: string}} step @param {TrackingTimeline} tracking */
function isPast(step, tracking) {
  return Date.parse(step.at) <= Date.parse(tracking.now);
}

/** @param {{at: string}} step @param {TrackingTimeline} tracking */
function era(step, tracking) {
  return isPast(step, tracking) ? "past" : "future";
}

/** @param {TrackingTimeline} tracking @returns {[number, number]} */
function span(tracking) {
  const moments = tracking.timeline.map((step) => Date.parse(step.at));
  const [first, last] = [Math.min(...moments), Math.max(...moments)];
  const length = Math.max(last - first, 60_000);
  return [first - length * MARGIN, last + length * 3 * MARGIN];
}

/** Return the position of a time on the strip, in percent. @param {TrackingTimeline} tracking @param {string} at */
function position(tracking, at) {
  const [from, to] = span(tracking);
  const share = (Date.parse(at) - from) / (to - from);
  return Math.min(Math.max(share, 0), 0.997) * 100;
}

/** @param {TrackingTimeline} tracking @param {Lane[]} lanes @param {SVGElement} nowLine */
function strip(tracking, lanes, nowLine) {
  const height = (lanes.length + 1) * LANE + 8;
  const picture = svg("svg", { class: "strip", height, role: "img", "aria-label": altText(tracking) },
    ...lanes.flatMap((lane, index) => stripLane(tracking, lane, index * LANE + LANE / 2)),
    ...segments(tracking, lanes.length * LANE + 2),
    nowLine,
  );
  const names = [...lanes.map((lane) => lane.name), "API status"];
  const [from, to] = span(tracking);
  return h("div", { class: "strip-frame" },
    h("div", { class: "lane-names", "aria-hidden": "true" }, ...names.map((name) => h("span", {}, name))),
    picture,
    h("p", { class: "ends time" }, h("span", {}, utc(from)), h("span", {}, utc(to))),
  );
}

/** @param {TrackingTimeline} tracking */
function altText(tracking) {
  const shown = tracking.timeline.filter((step) => step.kind === "shown");
  return `API status: ${shown.map((step) => `${step.status} from ${utc(step.at)}`).join(", ")}. Now: ${utc(tracking.now)}.`;
}

/** @param {TrackingTimeline} tracking @param {Lane} lane @param {number} y */
function stripLane(tracking, { steps }, y) {
  const x = (/** @type {string} */ at) => `${position(tracking, at)}%`;
  const [first, last] = [steps[0].at, steps[steps.length - 1].at];
  const turn = Date.parse(tracking.now) < Date.parse(last) ? (Date.parse(tracking.now) > Date.parse(first) ? tracking.now : first) : last;
  return [
    svg("line", { class: "rail past", x1: x(first), x2: x(turn), y1: y, y2: y }),
    svg("line", { class: "rail future", x1: x(turn), x2: x(last), y1: y, y2: y }),
    ...steps.map((step) =>
      svg("circle", { class: `dot ${era(step, tracking)}`, "data-status": step.status, cx: x(step.at), cy: y, r: 4 }),
    ),
  ];
}

/** @param {TrackingTimeline} tracking @param {number} y */
function segments(tracking, y) {
  const shown = tracking.timeline.filter((step) => step.kind === "shown");
  return shown.map((step, index) => {
    const from = position(tracking, step.at);
    const to = index + 1 < shown.length ? position(tracking, shown[index + 1].at) : 100;
    const properties = { class: `segment ${era(step, tracking)}`, "data-status": step.status };
    return svg("svg", { x: `${from}%`, width: `${to - from}%`, y, height: LANE },
      svg("rect", { ...properties, x: 1, y: 1, width: "100%", height: LANE - 2, rx: 2 }),
      svg("text", { class: "segment-name", x: 6, y: 15 }, step.substatus ?? step.status),
    );
  });
}

function legend() {
  const sample = (/** @type {string} */ name) =>
    svg("svg", { width: 28, height: 10, "aria-hidden": "true" },
      svg("line", { class: `rail ${name}`, x1: 0, x2: 28, y1: 5, y2: 5 }),
    );
  return h("p", { class: "legend quiet" }, sample("past"), "past", sample("future"), "future");
}

/** @param {TrackingTimeline} tracking @param {Lane[]} lanes @param {HTMLElement} nowText */
function map(tracking, lanes, nowText) {
  const past = tracking.timeline.filter((step) => isPast(step, tracking)).length;
  const top = (/** @type {number} */ index) => index * ROW + (index >= past ? NOW_ROW : 0);
  const nowY = past * ROW + NOW_ROW / 2;
  const height = tracking.timeline.length * ROW + NOW_ROW;
  const middles = new Map(tracking.timeline.map((step, index) => [step, top(index) + ROW / 2]));
  const items = tracking.timeline.map((step, index) => row(tracking, step, tracking.timeline[index - 1]));
  items.splice(past, 0, h("li", { class: "now-row" }, h("span", {}, "Now "), nowText));
  return h("div", { class: "map" },
    svg("svg", { class: "rails", width: MAP_WIDTH, height, "aria-hidden": "true" },
      ...tracks(tracking, middles, nowY, past < tracking.timeline.length ? height : nowY),
      ...lanes.flatMap((lane) => rails(lane, middles, nowY)),
      ...handover(lanes, middles, nowY),
      ...tracking.timeline.map((step) => mark(tracking, step, middles.get(step) ?? 0)),
    ),
    h("ol", { class: "steps" }, ...items),
  );
}

/** Create a solid line up to now, and a dashed one from there. */
/** @param {string} name @param {number} x @param {number} from @param {number} to @param {number} nowY */
function rail(name, x, from, to, nowY) {
  const turn = Math.min(Math.max(nowY, from), to);
  const part = (/** @type {string} */ when, /** @type {number} */ y1, /** @type {number} */ y2) =>
    y2 > y1 && svg("line", { class: `${name} ${when}`, x1: x, x2: x, y1, y2 });
  return [part("past", from, turn), part("future", turn, to)];
}

/** @param {Lane} lane @param {Map<Step, number>} middles @param {number} nowY */
function rails({ steps, x }, middles, nowY) {
  const ys = steps.map((step) => middles.get(step) ?? 0);
  return rail("rail", x, ys[0], ys[ys.length - 1], nowY);
}

/** @param {Lane[]} lanes @param {Map<Step, number>} middles @param {number} nowY */
function handover([origin, destination], middles, nowY) {
  if (!destination) return [];
  const to = middles.get(destination.steps[0]) ?? 0;
  const before = origin.steps.map((step) => middles.get(step) ?? 0).filter((y) => y < to);
  const from = before[before.length - 1];
  if (from === undefined) return [];
  const bend = Math.max(from, to - ROW);
  const when = to <= nowY ? "past" : "future";
  const curve = `M${origin.x} ${bend} C${origin.x} ${to} ${destination.x} ${bend} ${destination.x} ${to}`;
  return [...rail("rail", origin.x, from, bend, nowY), svg("path", { class: `rail ${when}`, d: curve })];
}

/** @param {TrackingTimeline} tracking @param {Map<Step, number>} middles @param {number} nowY @param {number} end */
function tracks(tracking, middles, nowY, end) {
  const shown = tracking.timeline.filter((step) => step.kind === "shown");
  return shown.flatMap((step, index) => {
    const next = shown[index + 1];
    const to = next ? (middles.get(next) ?? 0) : end;
    const lines = rail("track", TRACK_X, middles.get(step) ?? 0, to, nowY);
    for (const each of lines) if (each) each.setAttribute("data-status", step.status ?? "");
    return lines;
  });
}

/** @param {TrackingTimeline} tracking @param {Step} step @param {number} y */
function mark(tracking, step, y) {
  const when = era(step, tracking);
  const common = { class: `dot ${when}`, "data-kind": step.kind, "data-status": step.status };
  if (step.kind === "carrier") {
    const x = step.leg === "destination" ? DESTINATION_X : ORIGIN_X;
    return svg("circle", { ...common, cx: x, cy: y, r: 5 });
  }
  return svg("rect", { ...common, x: TRACK_X - 5, y: y - 5, width: 10, height: 10, rx: step.kind === "shown" ? 1 : 5 });
}

/** @param {TrackingTimeline} tracking @param {Step} step @param {Step | undefined} before */
function row(tracking, step, before) {
  const gap = before && (Date.parse(step.at) - Date.parse(before.at)) / 1000;
  return h("li", { class: `step ${era(step, tracking)}`, "data-kind": step.kind },
    h("span", { class: "when" },
      h("time", { class: "time", datetime: step.at }, utc(step.at)),
      gap ? h("span", { class: "gap" }, `+ ${duration(gap)}`) : null,
    ),
    h("span", { class: "description" }, ...description(step)),
  );
}

/** @param {Step} step */
function description(step) {
  if (step.kind === "registered") return [h("span", { class: "line" }, "Registered")];
  const status = statusMark(step.status, step.substatus);
  if (step.kind === "shown") return [h("span", { class: "line strong" }, "API status: ", status)];
  return [
    h("span", { class: "line", title: step.text }, step.text),
    h("span", { class: "line quiet" }, h("span", { class: "place" }, step.place), " ", status),
  ];
}
