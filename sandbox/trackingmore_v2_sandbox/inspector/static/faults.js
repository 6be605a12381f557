/**
 * The faults section: fault plans of the account.
 */

import { count, h, show } from "./dom.js";

/** @typedef {import("./page.js").App} App */
/** @typedef {{name: string | null, instructions: Record<string, string[]>, unused: number,
 *   probability: number | null, seed: number | null, decided: number}} Plan */

const EXAMPLES = new Map([
  ["delay", "delay=2"],
  ["status", "status=503"],
  ["code", "code=4031"],
  ["cut", "cut=20"],
  ["drip", "drip=20/0.2"],
  ["stall", "stall=30"],
]);

/** The faults section. */
export class Faults {
  /** @type {Plan[]} */
  #plans = [];

  /** @param {HTMLElement} root @param {App} app */
  constructor(root, app) {
    this.app = app;
    this.operations = h("select", { name: "operation" });
    this.kinds = h("select", { name: "kind", on: { change: () => this.#suggest() } });
    this.instruction = h("input", { name: "instruction", required: true, autocomplete: "off", spellcheck: "false" });
    this.syntax = h("code", {});
    this.plans = h("ul", { class: "cards" });
    this.none = h("p", { class: "empty", hidden: true }, "No faults are planned.");
    root.append(
      h("div", { class: "columns" },
        h("section", { class: "narrow", "aria-label": "Add a fault" },
          h("h2", {}, "Add a fault"),
          h("form", { class: "card", on: { submit: (/** @type {Event} */ event) => this.#add(event) } },
            h("label", {}, "Operation", this.operations),
            h("label", {}, "Fault", this.kinds),
            h("label", {}, "Instruction", this.instruction),
            h("p", { class: "quiet" }, "Syntax: ", this.syntax),
            h("label", {}, "Plan (empty: requests without a plan header)",
              h("input", { name: "plan", pattern: "[!-~]{0,100}", maxlength: 100, autocomplete: "off", spellcheck: "false" }),
            ),
            h("button", { class: "primary" }, "Add fault"),
          ),
        ),
        h("section", { class: "wide", "aria-label": "Planned" },
          h("div", { class: "title" },
            h("h2", {}, "Planned"),
            h("button", { on: { click: () => this.#clear() } }, "Clear all"),
          ),
          h("p", { class: "quiet" }, "Each request uses the next instruction of its operation. Only unused instructions are listed."),
          this.plans,
          this.none,
        ),
      ),
    );
  }

  /** Clear the section, for another account. */
  reset() {
    this.plans.replaceChildren();
    this.none.hidden = true;
  }

  /** Reload the data of the section. */
  async load() {
    this.#take(await this.app.admin.request("GET", "faults"));
  }

  /** @param {{items: Plan[], forms: string[], operations: string[]}} faults */
  #take({ items, forms, operations }) {
    this.#plans = items;
    if (!this.kinds.children.length) {
      this.operations.append(h("option", { value: "*" }, "Any operation"), ...operations.map((id) => h("option", { value: id }, id)));
      this.kinds.append(...forms.map((form) => h("option", { value: form }, nameOf(form))));
      /** @type {HTMLSelectElement} */ (this.kinds).value = forms.find((form) => nameOf(form) === "status") ?? forms[0];
      this.#suggest();
    }
    const kept = items.filter((plan) => Object.keys(plan.instructions).length);
    show(this.plans, kept, (plan) => plan.name ?? "", (plan) => this.#plan(plan));
    this.none.hidden = kept.length > 0;
  }

  #suggest() {
    const form = /** @type {HTMLSelectElement} */ (this.kinds).value;
    this.syntax.textContent = form;
    /** @type {HTMLInputElement} */ (this.instruction).value = EXAMPLES.get(nameOf(form)) ?? nameOf(form);
  }

  /** @param {Plan} plan */
  #plan(plan) {
    const name = plan.name ? `Plan ${plan.name}` : "Requests without a plan header";
    const progress = plan.probability === null
      ? `${plan.unused} unused`
      : `random: probability ${plan.probability}, seed ${plan.seed}, ${count(plan.decided, "request")} drawn`;
    const lines = Object.entries(plan.instructions).flatMap(([operation, listed]) =>
      listed.map((instruction, index) =>
        h("li", {},
          h("span", { class: "operation" }, operation === "*" ? "any operation" : operation),
          h("code", {}, instruction),
          h("button", {
            "aria-label": `Remove ${instruction} from ${operation}`,
            on: { click: () => this.#remove(plan, operation, index) },
          }, "Remove"),
        ),
      ),
    );
    return h("li", { class: "card" },
      h("h3", {}, name, " ", h("span", { class: "note fault" }, progress)),
      h("ol", { class: "instructions" }, ...lines),
    );
  }

  /** @param {Event} event */
  #add(event) {
    event.preventDefault();
    const fields = new FormData(/** @type {HTMLFormElement} */ (event.target));
    const name = String(fields.get("plan")) || null;
    const operation = String(fields.get("operation"));
    this.app.run(async () => {
      await this.load(); // Requests may have used instructions since the last load.
      const plan = this.#plans.find((each) => each.name === name);
      const listed = plan?.instructions[operation] ?? [];
      await this.#put(plan, name, operation, [...listed, String(fields.get("instruction"))]);
      this.app.notify("Fault planned.");
    });
  }

  /** @param {Plan} plan @param {string} operation @param {number} index */
  #remove(plan, operation, index) {
    this.app.run(() => this.#put(plan, plan.name, operation, plan.instructions[operation].toSpliced(index, 1)));
  }

  /** @param {Plan | undefined} plan @param {string | null} name @param {string} operation @param {string[]} listed */
  async #put(plan, name, operation, listed) {
    const instructions = { ...plan?.instructions, [operation]: listed };
    const chance = plan && plan.probability !== null ? { probability: plan.probability, seed: plan.seed } : {};
    await this.app.admin.request("PUT", "faults", { body: { name, instructions, ...chance } });
    await this.load();
  }

  #clear() {
    this.app.run(async () => {
      this.#take(await this.app.admin.request("DELETE", "faults"));
    });
  }
}

/** @param {string} form */
function nameOf(form) {
  return form.split(/[=[]/)[0];
}
