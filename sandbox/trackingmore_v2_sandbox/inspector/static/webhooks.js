/**
 * The webhooks section: targets and deliveries.
 */

import { count, h, pretty, show, statusMark, utc } from "./dom.js";

/** @typedef {import("./page.js").App} App */
/** @typedef {{id: string, url: string, statuses: string[], version: string, callback: boolean,
 *   duplicate: boolean, reorder: boolean, corrupt: string | null, delay_seconds: number,
 *   form: string, re_sign: boolean}} Target */
/** @typedef {{at: string, status: number | null, error: string | null, corrupt: string | null}} Attempt */
/** @typedef {{id: string, webhook_id: string, tracking_id: string, status: string,
 *   url: string | null, carrier_code: string | null, tracking_number: string | null,
 *   created_at: string, due_at: string | null, state: "waiting" | "delivered" | "failed",
 *   failure: string | null, attempts: Attempt[], body: string}} Delivery */

const STATUSES = ["pending", "notfound", "transit", "pickup", "delivered", "undelivered", "exception", "expired"];
const CORRUPTIONS = [["", "None"], ["cut", "Truncated body"], ["status", "Wrong status"], ["signature", "Wrong signature"]];
const FORMS = [["now", "Current"], ["2017", "2017"], ["2019", "2019"]];

/** The webhooks section. */
export class Webhooks {
  /** @param {HTMLElement} root @param {App} app */
  constructor(root, app) {
    this.app = app;
    this.targets = h("ul", { class: "cards" });
    this.noTargets = h("p", { class: "empty", hidden: true }, "No targets yet; nothing is sent.");
    this.deliveries = h("ul", { class: "deliveries" });
    this.noDeliveries = h("p", { class: "empty", hidden: true }, "No deliveries yet.");
    root.append(
      h("div", { class: "columns" },
        h("section", { class: "narrow", "aria-label": "Targets" },
          h("h2", {}, "Targets"),
          this.targets,
          this.noTargets,
          this.#form(),
        ),
        h("section", { class: "wide", "aria-label": "Deliveries" },
          h("h2", {}, "Deliveries, newest first"),
          h("p", { class: "quiet" }, "All times are in UTC by the account's clock."),
          this.deliveries,
          this.noDeliveries,
        ),
      ),
    );
  }

  /** Clear the section, for another account. */
  reset() {
    this.targets.replaceChildren();
    this.deliveries.replaceChildren();
    this.noTargets.hidden = true;
    this.noDeliveries.hidden = true;
  }

  /** Reload the data of the section. */
  async load() {
    const { admin } = this.app;
    const [targets, deliveries] = await Promise.all([admin.request("GET", "webhooks"), admin.request("GET", "webhooks/deliveries")]);
    show(this.targets, targets.items, (each) => each.id, (each) => this.#target(each));
    show(this.deliveries, deliveries.items, (each) => each.id, (each) => this.#delivery(each));
    this.noTargets.hidden = targets.items.length > 0;
    this.noDeliveries.hidden = deliveries.items.length > 0;
  }

  /** @param {Target} target */
  #target(target) {
    return h("li", { class: "card" },
      h("p", { class: "url" }, target.url),
      h("p", { class: "quiet" }, options(target).join("; ")),
      h("button", { "aria-label": `Remove ${target.url}`, on: { click: () => this.#remove(target) } }, "Remove"),
    );
  }

  /** @param {Target} target */
  #remove(target) {
    this.app.run(async () => {
      await this.app.admin.request("DELETE", `webhooks/${encodeURIComponent(target.id)}`);
      await this.load();
    });
  }

  #form() {
    const statuses = STATUSES.map((status) => check("statuses", status, status));
    return h("form", { class: "card", on: { submit: (/** @type {SubmitEvent} */ event) => this.#add(event) } },
      h("h3", {}, "Add a target"),
      h("label", {}, "URL on this machine", h("input", { name: "url", type: "url", required: true, placeholder: "http://127.0.0.1:8000/hook" })),
      h("fieldset", {}, h("legend", {}, "Statuses (none: all)"), ...statuses),
      h("details", {},
        h("summary", {}, "Delivery options"),
        check("callback", "yes", "Retry unless the response is 200", true),
        check("re_sign", "yes", "Sign retries anew", true),
        check("duplicate", "yes", "Send each delivery twice"),
        check("reorder", "yes", "Send later deliveries first"),
        select("form", "Form of the body", FORMS),
        select("corrupt", "Corruption", CORRUPTIONS),
        h("label", {}, "Delay in seconds", h("input", { name: "delay_seconds", type: "number", min: 0, max: 31622400, value: 0 })),
      ),
      h("button", { class: "primary" }, "Add target"),
    );
  }

  /** @param {SubmitEvent} event */
  #add(event) {
    event.preventDefault();
    const form = /** @type {HTMLFormElement} */ (event.target);
    const fields = new FormData(form);
    const body = {
      url: fields.get("url"),
      statuses: fields.getAll("statuses"),
      callback: fields.has("callback"),
      duplicate: fields.has("duplicate"),
      reorder: fields.has("reorder"),
      corrupt: fields.get("corrupt") || null,
      delay_seconds: Number(fields.get("delay_seconds")),
      form: fields.get("form"),
      re_sign: fields.has("re_sign"),
    };
    this.app.run(async () => {
      await this.app.admin.request("POST", "webhooks", { body });
      form.reset();
      await this.load();
    });
  }

  /** @param {Delivery} delivery */
  #delivery(delivery) {
    const number = delivery.tracking_number ?? delivery.tracking_id;
    return h("li", { class: "delivery" },
      h("details", {},
        h("summary", {},
          h("span", { class: "time" }, utc(delivery.created_at)),
          h("span", { class: "number" }, number),
          statusMark(delivery.status, `status ${delivery.status}`),
          h("span", { class: `outcome ${delivery.state}` }, outcome(delivery)),
          h("span", { class: "to quiet" }, "To ", h("span", { class: "url" }, delivery.url ?? "a removed target")),
          delivery.failure && h("span", { class: "failure" }, `Last attempt: ${delivery.failure}`),
        ),
        h("dl", { class: "facts" },
          h("dt", {}, "Carrier"), h("dd", {}, delivery.carrier_code ?? "unknown"),
          h("dt", {}, "Tracking"), h("dd", {}, number),
        ),
        h("ol", { class: "attempts" }, ...delivery.attempts.map(attempt)),
        h("pre", { tabindex: 0, "aria-label": "Body" }, pretty(delivery.body)),
      ),
      h("button", { "aria-label": `Resend ${delivery.status} of ${number}`, on: { click: () => this.#resend(delivery) } }, "Resend"),
    );
  }

  /** @param {Delivery} delivery */
  #resend(delivery) {
    this.app.run(async () => {
      const path = `webhooks/deliveries/${encodeURIComponent(delivery.id)}/resend`;
      const now = await this.app.admin.request("POST", path);
      this.app.notify(`Resent: ${outcome(now)}.`);
      await this.load();
    });
  }
}

/** @param {Target} target */
function options(target) {
  return [
    target.statuses.length ? target.statuses.join(", ") : "all statuses",
    target.callback ? "retried unless the response is 200" : "not retried",
    target.callback && !target.re_sign && "retries not signed anew",
    target.duplicate && "sent twice",
    target.reorder && "later deliveries first",
    target.form !== "now" && `form of ${target.form}`,
    target.corrupt && `corruption: ${target.corrupt}`,
    target.delay_seconds && `delayed by ${target.delay_seconds} s`,
  ].filter(Boolean);
}

/** @param {Delivery} delivery */
function outcome({ state, attempts, due_at }) {
  const tried = count(attempts.length, "attempt");
  return state === "waiting" && due_at ? `waiting until ${utc(due_at)}, ${tried}` : `${state}, ${tried}`;
}

/** @param {Attempt} attempt */
function attempt({ at, status, error, corrupt }) {
  return h("li", {},
    h("span", { class: "time" }, utc(at)),
    ` ${status === null ? (error ?? "no response") : `HTTP ${status}`}`,
    corrupt ? ` (corruption: ${corrupt})` : "",
  );
}

/** @param {string} name @param {string} label @param {string[][]} choices */
function select(name, label, choices) {
  return h("label", {}, label, h("select", { name }, ...choices.map(([value, text]) => h("option", { value }, text))));
}

/** @param {string} name @param {string} value @param {string} label @param {boolean} [checked] */
function check(name, value, label, checked = false) {
  return h("label", { class: "check" }, h("input", { type: "checkbox", name, value, checked }), label);
}
