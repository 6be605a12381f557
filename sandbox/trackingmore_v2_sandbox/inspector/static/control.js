/**
 * Talking to the control of the sandbox, whose OpenAPI document is at `openapi.json`.
 */

const TOKEN = "sandbox-token";

/** The control refuses; the message says what is wrong. */
export class Refused extends Error {
  /** @param {number} status @param {string} message */
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** Take the token out of the address, or out of this tab's memory. @returns {string} */
export function takeToken() {
  const fragment = new URLSearchParams(location.hash.slice(1));
  const given = fragment.get("token");
  if (given !== null) {
    sessionStorage.setItem(TOKEN, given);
    history.replaceState(null, "", location.pathname + location.search);
  }
  return sessionStorage.getItem(TOKEN) ?? "";
}

/** Remember the token as long as the tab lives. @param {string} token */
export function keepToken(token) {
  sessionStorage.setItem(TOKEN, token);
}

/** The control, for one account at a time. */
export class Control {
  token = "";
  account = "";

  /**
   * @param {string} method
   * @param {string} path Below `/_sandbox/`, with its parameters in place.
   * @param {{query?: Record<string, string | number>, body?: object, signal?: AbortSignal}} [options]
   * @returns {Promise<any>} The answer's data.
   */
  async ask(method, path, { query = {}, body, signal } = {}) {
    const url = new URL(path, document.baseURI);
    if (this.account && path !== "accounts") url.searchParams.set("account", this.account);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value));
    const response = await fetch(url, {
      method,
      headers: { "X-Sandbox-Token": this.token },
      body: body === undefined ? undefined : JSON.stringify(body),
      cache: "no-store",
      credentials: "omit",
      signal,
    });
    const { meta, data } = await response.json();
    if (!response.ok) throw new Refused(response.status, meta.message);
    return data;
  }
}
