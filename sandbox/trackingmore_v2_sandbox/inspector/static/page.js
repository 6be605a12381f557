/**
 * The page: token, sections, selected account or stream, and periodic refresh.
 */

import { Account } from "./account.js";
import { AccountChoice, STREAMS } from "./accounts.js";
import { AdminClient, AdminError, keepToken, takeToken } from "./admin.js";
import { Clock } from "./clock.js";
import { find } from "./dom.js";
import { Faults } from "./faults.js";
import { NewTracking } from "./new_tracking.js";
import { Requests } from "./requests.js";
import { Trackings } from "./trackings.js";
import { Webhooks } from "./webhooks.js";

/**
 * The interface of the page for its sections.
 * @typedef {object} App
 * @property {AdminClient} admin
 * @property {(text: string, isProblem?: boolean) => void} notify Show a message to the user.
 * @property {(action: () => Promise<unknown>) => Promise<void>} run Run an action, and show its error.
 * @property {() => void} refresh Reload the visible section.
 * @property {() => void} restart Clear and reload all sections.
 * @property {() => void} createTracking Open the form for a new tracking.
 * @property {(account: string, carrier: string, number: string) => void} showTracking
 */
/** @typedef {{reset: () => void, load: () => Promise<void>}} Section */

// Milliseconds between refreshes, until a notice disappears, and until new requests cause a refresh.
const REFRESH = 2000;
const NOTICE = 6000;
const SETTLE = 200;

/** The page. Implements App. */
class Page {
  admin = new AdminClient();
  /** @type {AbortController} */
  #polling = new AbortController();
  #section = "requests";
  /** Id of the account, or name of the stream; "" until the accounts are loaded. */
  #selected = "";
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #notice;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #settling;
  #isBusy = false;
  #isStale = false;

  constructor() {
    this.clock = new Clock(find("#clock"), this);
    this.requests = new Requests(find("#requests"), this);
    this.trackings = new Trackings(find("#trackings"), this);
    this.newTracking = new NewTracking(find("#new-tracking"), this);
    /** @type {[string, Section][]} */
    const sections = [
      ["trackings", this.trackings],
      ["webhooks", new Webhooks(find("#webhooks"), this)],
      ["faults", new Faults(find("#faults"), this)],
      ["account", new Account(find("#account"), this)],
    ];
    this.sections = new Map(sections);
    /** @type {HTMLButtonElement[]} */
    this.tabs = [...document.querySelectorAll("[role=tab]")].map((tab) => /** @type {any} */ (tab));
    this.choice = new AccountChoice(find("#account-choice"), (value) => this.#select(value));
    for (const tab of this.tabs) {
      tab.addEventListener("click", () => this.#open(tab));
      tab.addEventListener("keydown", (event) => this.#onTabKey(event, tab));
    }
    this.#open(this.tabs.find((tab) => tab.id === sessionStorage.getItem("tab")) ?? this.tabs[0]);
    find("#choose-create").addEventListener("click", () => this.createTracking());
    find("#token form").addEventListener("submit", () => this.#enter(find("#token-value").value.trim()));
    find("#token").addEventListener("cancel", (/** @type {Event} */ event) => event.preventDefault());
    addEventListener("hashchange", () => location.hash.startsWith("#token=") && this.#enter(takeToken()));
    document.addEventListener("visibilitychange", () => this.refresh());
    setInterval(() => this.refresh(), REFRESH);
    this.#enter(takeToken());
  }

  /** @param {string} token */
  #enter(token) {
    if (!token) {
      this.#askForToken();
      return;
    }
    keepToken(token);
    find("#token").close();
    this.admin.token = token;
    this.refresh();
  }

  /** @param {string} [reason] */
  #askForToken(reason) {
    this.admin.token = "";
    this.#polling.abort();
    this.#state("No token", false);
    const dialog = find("#token");
    if (reason) find("#token-reason").textContent = reason;
    if (!dialog.open) dialog.showModal();
  }

  /** Reload the clock and the visible section. Calls during a reload cause one more. */
  async refresh() {
    if (!this.admin.token || document.hidden) return;
    this.#isStale = true;
    if (this.#isBusy) return;
    this.#isBusy = true;
    while (this.#isStale) {
      this.#isStale = false;
      await this.#load();
    }
    this.#isBusy = false;
  }

  async #load() {
    try {
      await this.#loadAccounts();
      const section = this.admin.isStream ? null : this.sections.get(this.#section);
      await Promise.all([this.clock.load(), section?.load()]);
    } catch (error) {
      this.#onProblem(/** @type {Error} */ (error));
    }
  }

  async #loadAccounts() {
    const accounts = await this.admin.request("GET", "accounts");
    const value = this.choice.show(accounts, this.#selected);
    if (value !== this.#selected) this.#select(value);
  }

  /** Select an account or a stream. @param {string} value */
  #select(value) {
    this.#selected = value;
    const stream = STREAMS.find((each) => each === value);
    this.admin.scope = stream ?? "account";
    this.admin.account = stream ? "" : value;
    this.#showSection();
    this.restart();
  }

  /** Clear all sections, and reload them. */
  restart() {
    this.#polling.abort();
    this.#polling = new AbortController();
    this.requests.reset();
    for (const section of this.sections.values()) section.reset();
    this.requests.feed.follow(
      this.admin,
      this.#polling.signal,
      (added) => this.#onExchanges(added),
      (problem) => (problem ? this.#onProblem(problem) : this.#state("Live", true)),
    );
    this.refresh();
  }

  /** @param {import("./feed.js").Exchange[]} added */
  #onExchanges(added) {
    this.requests.take(added);
    if (!added.length) return;
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => this.refresh(), SETTLE);
  }

  /** @param {Error} problem */
  #onProblem(problem) {
    if (problem instanceof AdminError && problem.status === 401) {
      this.#askForToken("Wrong token; the sandbox creates a new one at each start. Open the URL that it printed, or enter the new token here.");
    } else if (problem instanceof AdminError && problem.status === 404) {
      this.#polling.abort();
      this.#selected = ""; // The account was removed; the next load of the list selects another one.
    } else if (problem instanceof AdminError) {
      this.notify(problem.message, true);
    } else {
      this.#state("No connection; retrying", false);
    }
  }

  /** @param {string} text @param {boolean} isConnected */
  #state(text, isConnected) {
    const state = find("#connection");
    if (state.textContent !== text) state.textContent = text;
    state.classList.toggle("well", isConnected);
  }

  /** @param {string} text @param {boolean} [isProblem] */
  notify(text, isProblem = false) {
    const notice = find("#notice");
    notice.textContent = text;
    notice.classList.toggle("problem", isProblem);
    notice.hidden = false;
    clearTimeout(this.#notice);
    this.#notice = setTimeout(() => {
      notice.hidden = true;
      notice.textContent = "";
    }, isProblem ? 2 * NOTICE : NOTICE);
  }

  /** @param {() => Promise<unknown>} action */
  async run(action) {
    try {
      await action();
    } catch (error) {
      const problem = /** @type {Error} */ (error);
      if (problem instanceof AdminError && problem.status !== 401) this.notify(problem.message, true);
      else this.#onProblem(problem);
    }
  }

  /** @param {HTMLButtonElement} tab */
  #open(tab) {
    for (const each of this.tabs) {
      const isOpen = each === tab;
      each.setAttribute("aria-selected", String(isOpen));
      each.tabIndex = isOpen ? 0 : -1;
    }
    this.#section = tab.getAttribute("aria-controls") ?? "";
    sessionStorage.setItem("tab", tab.id);
    this.#showSection();
    this.refresh();
  }

  /** Show the open section; of a stream there are only requests. */
  #showSection() {
    const isAvailable = !this.admin.isStream || this.#section === "requests";
    for (const each of this.tabs) {
      const name = each.getAttribute("aria-controls");
      find(`#${name}`).hidden = name !== this.#section || !isAvailable;
    }
    find("#choose").hidden = isAvailable;
  }

  /** Open the form for a new tracking. */
  createTracking() {
    this.newTracking.open();
  }

  /** Show the timeline of a tracking. @param {string} account @param {string} carrier @param {string} number */
  showTracking(account, carrier, number) {
    if (this.admin.account !== account) this.choice.choose(account);
    this.#open(find("#tab-trackings"));
    this.trackings.open(carrier, number);
  }

  /** @param {KeyboardEvent} event @param {HTMLButtonElement} tab */
  #onTabKey(event, tab) {
    const now = this.tabs.indexOf(tab);
    /** @type {Record<string, number>} */
    const moves = { ArrowRight: now + 1, ArrowLeft: now - 1, Home: 0, End: -1 };
    const target = this.tabs.at(moves[event.key] % this.tabs.length);
    if (!(event.key in moves) || !target) return;
    event.preventDefault();
    this.#open(target);
    target.focus();
  }
}

new Page();
