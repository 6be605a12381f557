import createClient from "openapi-fetch";

import type { components, paths } from "./out/schema";
import * as use from "./steps";

type ErrorResponse = components["schemas"]["ErrorResponse"];
type Envelope = { meta: { code: number } };

const isError = (body: Envelope): body is ErrorResponse => use.isErrorCode(body.meta.code);
const client = createClient<paths>({
  baseUrl: use.baseUrl,
  headers: { "Trackingmore-Api-Key": use.apiKey },
});

function received<Body>(response: { data?: Body }): Body {
  if (response.data === undefined) throw new Error("no body");
  return response.data;
}

async function get(tracking_number: string) {
  const path = { carrier_code: use.carrier, tracking_number };
  const options = { params: { path } };
  const body = received(await client.GET("/trackings/{carrier_code}/{tracking_number}", options));
  return isError(body) ? use.failure(body) : body.data.tracking_number;
}

async function remove() {
  const path = { carrier_code: use.carrier, tracking_number: use.created };
  const options = { params: { path } };
  const body = received(await client.DELETE("/trackings/{carrier_code}/{tracking_number}", options));
  return isError(body) ? use.failure(body) : "deleted";
}

use.run({
  create: async () => {
    const tracking = { carrier_code: use.carrier, tracking_number: use.created };
    const body = received(await client.POST("/trackings/post", { body: tracking }));
    return isError(body) ? use.failure(body) : body.data.tracking_number;
  },
  get: () => get(use.known),
  list: async () => {
    const body = received(await client.GET("/trackings/get"));
    return isError(body) ? use.failure(body) : body.data.items.length;
  },
  "rejected get": () => get(use.unknown),
  delete: remove,
  "rejected delete": remove,
});
