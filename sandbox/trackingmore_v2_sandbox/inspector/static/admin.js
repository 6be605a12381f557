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

/**
 * @typedef {object} Options
 * @property {Record<string, string | number>} [query]
 * @property {object} [body]
 * @property {AbortSignal} [signal]
 * @property {string} [key] API key of the account, instead of the selected one.
 */

/** A client of the admin API for one account, or for the log of several. */
export class AdminClient {
  token = "";
  /** Id of the account; "" for a stream. */
  account = "";
  /** @type {"account" | "all" | "without_account"} Whose requests the log has; the last two are streams. */
  scope = "account";

  /** Number of requests sent so far that may have changed something. */
  #changes = 0;

  /** Whether the log is not that of one account. */
  get isStream() {
    return this.scope !== "account";
  }

  /**
   * Send a request. A GET is retried if something was changed while it was under way, as its
   * response may show the state before the change.
   * @param {string} method
   * @param {string} path Relative to `/_sandbox/`, with its parameters filled in.
   * @param {Options} [options]
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
   * Download a file.
   * @param {string} path
   * @param {Record<string, string | number>} query
   * @returns {Promise<Blob>}
   */
  async download(path, query) {
    const response = await this.#fetch("GET", path, { query });
    return response.blob();
  }

  /** @param {string} method @param {string} path @param {Options} [options] @returns {Promise<any>} */
  async #send(method, path, options) {
    const { data } = await (await this.#fetch(method, path, options)).json();
    return data;
  }

  /** @param {string} method @param {string} path @param {Options} [options] */
  async #fetch(method, path, { query = {}, body, signal, key } = {}) {
    const url = new URL(path, document.baseURI);
    const parameters = { ...(key ? {} : this.#selection(path)), ...query };
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, String(value));
    const response = await fetch(url, {
      method,
      headers: { "X-Sandbox-Token": this.token, ...(key ? { "Trackingmore-Api-Key": key } : {}) },
      body: body === undefined ? undefined : JSON.stringify(body),
      cache: "no-store",
      credentials: "omit",
      signal,
    });
    if (!response.ok) throw new AdminError(response.status, (await response.json()).meta.message);
    return response;
  }

  /** Return the parameters that select the account or the stream. @param {string} path @returns {Record<string, string>} */
  #selection(path) {
    if (path === "accounts") return {};
    return this.isStream ? { scope: this.scope } : { account: this.account };
  }
}
