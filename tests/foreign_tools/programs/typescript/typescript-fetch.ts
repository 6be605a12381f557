import { Configuration, TrackingsApi, type ErrorResponse } from "./out";
import * as use from "./steps";

type Envelope = { meta: { code: number } };

const isError = (body: Envelope): body is ErrorResponse => use.isErrorCode(body.meta.code);
const trackings = new TrackingsApi(
  new Configuration({ apiKey: use.apiKey, basePath: use.baseUrl }),
);
const carrierCode = use.carrier;

async function get(trackingNumber: string) {
  const body = await trackings.getTracking({ carrierCode, trackingNumber });
  return isError(body) ? use.failure(body) : body.data.trackingNumber;
}

async function remove() {
  const body = await trackings.deleteTracking({ carrierCode, trackingNumber: use.created });
  return isError(body) ? use.failure(body) : "deleted";
}

use.run({
  create: async () => {
    const createTrackingRequest = { carrierCode, trackingNumber: use.created };
    const body = await trackings.createTracking({ createTrackingRequest });
    return isError(body) ? use.failure(body) : body.data.trackingNumber;
  },
  get: () => get(use.known),
  list: async () => {
    const body = await trackings.listTrackings();
    return isError(body) ? use.failure(body) : body.data.items.length;
  },
  "rejected get": () => get(use.unknown),
  delete: remove,
  "rejected delete": remove,
});
