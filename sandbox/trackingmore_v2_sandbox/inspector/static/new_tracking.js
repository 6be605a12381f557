/**
 * The form that creates a tracking from a scenario.
 */

import { AdminError } from "./admin.js";
import { h } from "./dom.js";
import { KEY } from "./first_request.js";

/** @typedef {import("./page.js").App} App */

const SCENARIOS = [
  ["SANDBOX-TRANSIT-1H-DELIVERED", "delivered after an hour"],
  ["SANDBOX-PENDING-2H-NOTFOUND001-10S-TRANSIT", "no data for two hours"],
  ["SANDBOX-TRANSIT001-1H-PICKUP-30M-DELIVERED003", "ready for pickup, then delivered"],
  ["SANDBOX-TRANSIT001-2D-TO-US-TRANSIT004-1D-DELIVERED", "with a second carrier in the US"],
  ["SANDBOX-TRANSIT-1D-UNDELIVERED-1D-DELIVERED", "delivered at the second attempt"],
  ["SANDBOX-EXCEPTION006", "an exception, permanently"],
  ["SANDBOX-HTTP-503-ON-GET-TRANSIT-1H-DELIVERED", "reading returns HTTP status 503"],
  ["SANDBOX-SLOW-5S-DELIVERED", "every response takes five seconds"],
];
const CARRIERS = ["ups", "usps", "fedex", "dhl", "dpd", "china-ems", "china-post", "royal-mail"];

/** The dialog with the form. */
export class NewTracking {
  /** @param {HTMLDialogElement} dialog @param {App} app */
  constructor(dialog, app) {
    this.dialog = dialog;
    this.app = app;
    this.number = /** @type {HTMLInputElement} */ (input("tracking_number", SCENARIOS[0][0], { minlength: 5, maxlength: 100 }));
    this.carrier = input("carrier_code", CARRIERS[0], { list: "carriers", maxlength: 100 });
    const fill = (/** @type {any} */ event) => (this.number.value = event.target.value);
    this.problem = h("p", { class: "problem", role: "status" });
    dialog.append(
      h("form", { on: { submit: (/** @type {Event} */ event) => this.#create(event) } },
        h("h2", { id: "new-tracking-title" }, "Create a tracking"),
        h("label", {}, "Example", h("select", { on: { change: fill } }, ...examples())),
        h("label", {}, "Scenario or tracking number", this.number),
        h("p", { class: "quiet" }, "SANDBOX-, then states with times between them: 30M, 2H, 1D. Other numbers get a generated journey. A label such as _2 at the end makes a number unique."),
        h("label", {}, "Carrier", this.carrier),
        this.problem,
        h("div", { class: "actions" },
          h("button", { class: "primary" }, "Create"),
          h("button", { type: "button", on: { click: () => dialog.close() } }, "Cancel"),
        ),
      ),
      h("datalist", { id: "carriers" }, ...CARRIERS.map((value) => h("option", { value }))),
    );
  }

  /** Open the form. */
  open() {
    this.problem.textContent = "";
    this.dialog.showModal();
  }

  /** @param {Event} event */
  #create(event) {
    event.preventDefault();
    const tracking = Object.fromEntries(new FormData(/** @type {HTMLFormElement} */ (event.target)));
    this.app.run(() => this.#send(String(tracking.carrier_code).trim(), String(tracking.tracking_number).trim()));
  }

  /** @param {string} carrier_code @param {string} tracking_number */
  async #send(carrier_code, tracking_number) {
    const { admin } = this.app;
    const body = { trackings: [{ carrier_code, tracking_number }] };
    // While a stream is shown, no account is selected.
    const key = admin.isStream ? KEY : undefined;
    try {
      const account = await admin.request("POST", "seed", { body, key });
      this.dialog.close();
      this.app.notify(`Created ${tracking_number} of ${carrier_code} in the account ${account.key}.`);
      this.app.showTracking(account.id, carrier_code, tracking_number);
    } catch (error) {
      if (!(error instanceof AdminError) || error.status === 401) throw error;
      this.problem.textContent = error.message;
    }
  }
}

/** @param {string} name @param {string} value @param {Record<string, string | number>} properties */
function input(name, value, properties) {
  return h("input", { name, value, ...properties, required: true, autocomplete: "off", spellcheck: "false" });
}

function examples() {
  return SCENARIOS.map(([value, meaning]) => h("option", { value }, `${value}: ${meaning}`));
}
