/**
 * A logged request as a curl command or a Python script, without the API key.
 */

/** @typedef {import("./feed.js").Exchange} Exchange */

const KEY = "Trackingmore-Api-Key";
const VARIABLE = "TRACKINGMORE_API_KEY";

/** @param {Exchange} exchange @param {string} origin */
export function asCurl(exchange, origin) {
  const parts = [
    `curl --request ${exchange.method} ${shell(address(exchange, origin))}`,
    `--header "${KEY}: $${VARIABLE}"`,
    ...sentHeaders(exchange).map(([name, value]) => `--header ${shell(`${name}: ${value}`)}`),
  ];
  if (exchange.request) parts.push(`--data-raw ${shell(exchange.request)}`);
  return `${warning(exchange)}${parts.join(" \\\n  ")}\n`;
}

/** @param {Exchange} exchange @param {string} origin */
export function asPython(exchange, origin) {
  const headers = sentHeaders(exchange).map(
    ([name, value]) => `        ${python(name)}: ${python(value)},\n`,
  );
  return [
    warning(exchange),
    "import os\n\nimport httpx2\n\n",
    "response = httpx2.request(\n",
    `    ${python(exchange.method)},\n`,
    `    ${python(address(exchange, origin))},\n`,
    "    headers={\n",
    `        ${python(KEY)}: os.environ[${python(VARIABLE)}],\n`,
    ...headers,
    "    },\n",
    exchange.request ? `    content=${python(exchange.request)}.encode(),\n` : "",
    ")\nprint(response.status_code, response.text)\n",
  ].join("");
}

/** @param {Exchange} exchange @param {string} origin */
function address(exchange, origin) {
  const path = exchange.path.split("/").map(encodeURIComponent).join("/");
  return origin + path + (exchange.query ? `?${exchange.query}` : "");
}

/** @param {Exchange} exchange */
function sentHeaders(exchange) {
  return Object.entries(exchange.headers).filter(([name]) => name !== "user-agent");
}

/** @param {Exchange} exchange */
function warning(exchange) {
  return isRequestCut(exchange) ? "# Only the beginning of the body was kept.\n" : "";
}

/** Return whether only the beginning of the request body was kept. @param {Exchange} exchange */
export function isRequestCut(exchange) {
  return exchange.request_size > new TextEncoder().encode(exchange.request).length;
}

/** @param {string} text */
function shell(text) {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** Return a Python literal; JSON string literals are valid Python. @param {string} text */
function python(text) {
  return JSON.stringify(text);
}
