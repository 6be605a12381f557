/**
 * A request as a command or a script that makes it once more. The key stays out of both.
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
    "answer = httpx2.request(\n",
    `    ${python(exchange.method)},\n`,
    `    ${python(address(exchange, origin))},\n`,
    "    headers={\n",
    `        ${python(KEY)}: os.environ[${python(VARIABLE)}],\n`,
    ...headers,
    "    },\n",
    exchange.request ? `    content=${python(exchange.request)}.encode(),\n` : "",
    ")\nprint(answer.status_code, answer.text)\n",
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
  return isCut(exchange) ? "# Only the beginning of the body was kept.\n" : "";
}

/** Whether only the beginning of the request's body was kept. @param {Exchange} exchange */
export function isCut(exchange) {
  return exchange.request_size > new TextEncoder().encode(exchange.request).length;
}

/** @param {string} text */
function shell(text) {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** JSON's texts are Python's too. @param {string} text */
function python(text) {
  return JSON.stringify(text);
}
