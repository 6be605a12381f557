// Calls of a server of Prism, which mocks the contract or stands before the sandbox.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";

const { API_KEY, BASE_URL, CARRIER, CONTRACT, CREATED, KNOWN, UNKNOWN } = process.env;
const isMock = process.argv[2] === "mock";

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

async function start(port) {
  const command = isMock ? ["mock", CONTRACT] : ["proxy", "--errors", CONTRACT, BASE_URL];
  const prism = spawn("prism", [...command, "--port", port], { stdio: ["ignore", "pipe", 2] });
  await new Promise((resolve, reject) => {
    prism.stdout.on("data", (text) => String(text).includes("Prism is listening") && resolve());
    prism.on("exit", () => reject(new Error("Prism did not start")));
  });
  return prism;
}

async function call(origin, method, path, { body, example } = {}) {
  const response = await fetch(`${origin}/trackings/${path}`, {
    method,
    headers: {
      "Trackingmore-Api-Key": API_KEY,
      ...(body && { "Content-Type": "application/json" }),
      ...(isMock && example && { Prefer: `example=${example}` }),
    },
    body: body && JSON.stringify(body),
  });
  const { meta, data } = await response.json();
  if (response.status !== 200) {
    return `HTTP ${response.status}`;
  }
  return meta.code > 201 ? `error ${meta.code}` : data;
}

const port = await freePort();
const prism = await start(port);
const origin = `http://127.0.0.1:${port}`;
const show = (name, result, value) =>
  console.log(`${name}: ${typeof result === "string" ? result : value(result)}`);
const number = (data) => data.tracking_number;
const tracking = { carrier_code: CARRIER, tracking_number: CREATED };
const path = `${CARRIER}/${CREATED}`;
const notFound = { example: "notFound" };
try {
  show("create", await call(origin, "POST", "post", { body: tracking }), number);
  show("get", await call(origin, "GET", `${CARRIER}/${KNOWN}`), number);
  show("list", await call(origin, "GET", "get"), (data) => data.items.length);
  show("rejected get", await call(origin, "GET", `${CARRIER}/${UNKNOWN}`, notFound));
  show("delete", await call(origin, "DELETE", path), () => "deleted");
  show("rejected delete", await call(origin, "DELETE", path, notFound));
  const invalid = await call(origin, "POST", "post", { body: { carrier_code: CARRIER } });
  show("invalid create", invalid);
} finally {
  prism.kill();
}
