import * as api from "./out/api";
import * as use from "./steps";

type Envelope = { meta: { code: number } };

const isError = (body: Envelope): body is api.ErrorResponse => use.isErrorCode(body.meta.code);
const options = { headers: { "Trackingmore-Api-Key": use.apiKey } };

async function get(number: string) {
  const { data: body } = await api.getTracking(use.carrier, number, options);
  return isError(body) ? use.failure(body) : body.data.tracking_number;
}

async function remove() {
  const { data: body } = await api.deleteTracking(use.carrier, use.created, options);
  return isError(body) ? use.failure(body) : "deleted";
}

use.run({
  create: async () => {
    const tracking = { carrier_code: use.carrier, tracking_number: use.created };
    const { data: body } = await api.createTracking(tracking, {
      headers: { ...options.headers, "Content-Type": "application/json" },
    });
    return isError(body) ? use.failure(body) : body.data.tracking_number;
  },
  get: () => get(use.known),
  list: async () => {
    const { data: body } = await api.listTrackings({}, options);
    return isError(body) ? use.failure(body) : body.data.items.length;
  },
  "rejected get": () => get(use.unknown),
  delete: remove,
  "rejected delete": remove,
});
