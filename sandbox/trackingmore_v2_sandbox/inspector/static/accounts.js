/**
 * The choice of an account, or of a stream with the requests of several.
 */

import { arrange, count, h, utc } from "./dom.js";

/**
 * @typedef {{id: string, key: string, trackings: number, requests: number,
 *   last_request_arrived_at: string | null}} AccountSummary
 */
/** @typedef {{items: AccountSummary[], without_account: {requests: number}}} Accounts Last used first. */

/** Values of the streams, which are no ids of accounts. */
export const STREAMS = /** @type {const} */ (["all", "without_account"]);
const CHOSEN = "account";

/** The select box in the page header. */
export class AccountChoice {
  /** @param {HTMLSelectElement} select @param {(value: string) => void} onChoose */
  constructor(select, onChoose) {
    this.select = select;
    this.onChoose = onChoose;
    select.addEventListener("change", () => this.choose(select.value));
  }

  /** Open an account or a stream, and again when the page is reloaded. @param {string} value */
  choose(value) {
    sessionStorage.setItem(CHOSEN, value);
    this.onChoose(value);
  }

  /** Show the accounts, and return which one is to be opened. @param {Accounts} accounts @param {string} current */
  show(accounts, current) {
    const existing = new Map([...this.select.options].map((each) => [each.value, each]));
    const options = labels(accounts).map(([value, label]) => {
      const option = existing.get(value) ?? /** @type {HTMLOptionElement} */ (h("option", { value }));
      if (option.textContent !== label) option.textContent = label;
      return option;
    });
    arrange(this.select, options);
    const value = this.#opened(accounts, current);
    if (this.select.value !== value) this.select.value = value;
    return value;
  }

  /**
   * The choice of the user in this tab; else the account that is open or was used last; else all.
   * @param {Accounts} accounts
   * @param {string} current
   */
  #opened({ items }, current) {
    const ids = items.map((each) => each.id);
    const chosen = sessionStorage.getItem(CHOSEN) ?? "";
    if ([...STREAMS, ...ids].includes(chosen)) return chosen;
    return ids.includes(current) ? current : (ids[0] ?? "all");
  }
}

/** @param {Accounts} accounts @returns {[string, string][]} Values and labels. */
function labels({ items, without_account }) {
  const total = items.reduce((sum, each) => sum + each.requests, without_account.requests);
  /** @type {[string, string][]} */
  const ofAccounts = items.map((each) => [each.id, label(each)]);
  return [
    ["all", `All accounts: ${count(total, "request")}`],
    ["without_account", `Without account: ${count(without_account.requests, "request")}`],
    ...ofAccounts,
  ];
}

/** @param {AccountSummary} account */
function label({ id, key, trackings, requests, last_request_arrived_at }) {
  const used = last_request_arrived_at ? `last used ${utc(last_request_arrived_at).slice(0, 16)} UTC` : "not used yet";
  return `${key}: ${count(requests, "request")}, ${count(trackings, "tracking")}, ${used} (${id})`;
}
