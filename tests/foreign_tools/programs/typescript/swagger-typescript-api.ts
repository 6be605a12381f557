import { Api, type ErrorResponse } from "./out/api";
import * as use from "./steps";

type Envelope = { meta: { code: number } };

const isError = (body: Envelope): body is ErrorResponse => use.isErrorCode(body.meta.code);
const { trackings } = new Api({
  baseUrl: use.baseUrl,
  baseApiParams: { headers: { "Trackingmore-Api-Key": use.apiKey } },
});

async function get(number: string) {
  const { data: body } = await trackings.getTracking(use.carrier, number);
  return isError(body) ? use.failure(body) : body.data.tracking_number;
}

async function remove() {
  const { data: body } = await trackings.deleteTracking(use.carrier, use.created);
  return isError(body) ? use.failure(body) : "deleted";
}

use.run({
  create: async () => {
    const tracking = { carrier_code: use.carrier, tracking_number: use.created };
    const { data: body } = await trackings.createTracking(tracking);
    return isError(body) ? use.failure(body) : body.data.tracking_number;
  },
  get: () => get(use.known),
  list: async () => {
    const { data: body } = await trackings.listTrackings({});
    return isError(body) ? use.failure(body) : body.data.items.length;
  },
  "rejected get": () => get(use.unknown),
  delete: remove,
  "rejected delete": remove,
});
