/**
 * Client of the admin API; its OpenAPI document is at `openapi.json`.
 */

const TOKEN = "sandbox-token";

/** An error response of the admin API; the message says what is wrong. */
export class AdminError extends Error {
  /** @param {number} status @param {string} message */
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** Return the token from the URL or the session storage, and remove it from the URL. @returns {string} */
export function takeToken() {
  const fragment = new URLSearchParams(location.hash.slice(1));
  const fromUrl = fragment.get("token");
  if (fromUrl !== null) {
    sessionStorage.setItem(TOKEN, fromUrl);
    history.replaceState(null, "", location.pathname + location.search);
  }
  return sessionStorage.getItem(TOKEN) ?? "";
}

/** Store the token until the tab is closed. @param {string} token */
export function keepToken(token) {
  sessionStorage.setItem(TOKEN, token);
}

/** A client of the admin API for one account. */
export class AdminClient {
  token = "";
  account = "";

  /** Number of requests sent so far that may have changed something. */
  #changes = 0;

  /**
   * Send a request. A GET is retried if something was changed while it was under way, as its
   * response may show the state before the change.
   * @param {string} method
   * @param {string} path Relative to `/_sandbox/`, with its parameters filled in.
   * @param {{query?: Record<string, string | number>, body?: object, signal?: AbortSignal}} [options]
   * @returns {Promise<any>} The `data` of the response.
   */
  async request(method, path, options) {
    if (method !== "GET") {
      try {
        return await this.#send(method, path, options);
      } finally {
        this.#changes += 1;
      }
    }
    for (;;) {
      const changes = this.#changes;
      const data = await this.#send(method, path, options);
      if (changes === this.#changes) return data;
    }
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {{query?: Record<string, string | number>, body?: object, signal?: AbortSignal}} [options]
   * @returns {Promise<any>}
   */
  async #send(method, path, { query = {}, body, signal } = {}) {
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
    if (!response.ok) throw new AdminError(response.status, meta.message);
    return data;
  }
}
