import * as api from "./out";
import { client } from "./out/client.gen";
import * as use from "./steps";

type Envelope = { meta: { code: number } };

const isError = (body: Envelope): body is api.ErrorResponse => use.isErrorCode(body.meta.code);
client.setConfig({ auth: use.apiKey, baseUrl: use.baseUrl, throwOnError: true });

async function get(tracking_number: string) {
  const path = { carrier_code: use.carrier, tracking_number };
  const { data: body } = await api.getTracking({ path, throwOnError: true });
  return isError(body) ? use.failure(body) : body.data.tracking_number;
}

async function remove() {
  const path = { carrier_code: use.carrier, tracking_number: use.created };
  const { data: body } = await api.deleteTracking({ path, throwOnError: true });
  return isError(body) ? use.failure(body) : "deleted";
}

use.run({
  create: async () => {
    const tracking = { carrier_code: use.carrier, tracking_number: use.created };
    const { data: body } = await api.createTracking({ body: tracking, throwOnError: true });
    return isError(body) ? use.failure(body) : body.data.tracking_number;
  },
  get: () => get(use.known),
  list: async () => {
    const { data: body } = await api.listTrackings({ throwOnError: true });
    return isError(body) ? use.failure(body) : body.data.items.length;
  },
  "rejected get": () => get(use.unknown),
  delete: remove,
  "rejected delete": remove,
});
