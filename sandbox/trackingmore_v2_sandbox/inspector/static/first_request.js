/**
 * Commands for a first request, which a page without requests offers.
 */

import { copyButton } from "./copy.js";
import { h } from "./dom.js";

/** The API key that the sandbox prints at its start; every other UUID is a key as well. */
export const KEY = "00000000-0000-4000-8000-000000000001";
const TRACKING = '{"carrier_code":"ups","tracking_number":"SANDBOX-TRANSIT-1H-DELIVERED"}';

/** Create the commands with a button that copies them. @param {import("./page.js").App} app */
export function firstRequest(app) {
  const commands = shellCommands(location.origin);
  return h("div", { class: "first-request" },
    h("p", {}, "Commands for a first request; the key has an account of its own:"),
    h("pre", { tabindex: 0, "aria-label": "Commands" }, commands),
    h("div", { class: "actions" },
      copyButton(app, "Copy commands", () => commands, "Copied the commands."),
      h("button", { type: "button", on: { click: () => app.createTracking() } }, "Create tracking"),
    ),
  );
}

/** @param {string} origin */
function shellCommands(origin) {
  return [
    `export TRACKINGMORE_API_KEY=${KEY}`,
    `export TRACKINGMORE_BASE_URL=${origin}/v2`,
    'curl "$TRACKINGMORE_BASE_URL/trackings/post" \\',
    '  --header "Trackingmore-Api-Key: $TRACKINGMORE_API_KEY" \\',
    '  --header "Content-Type: application/json" \\',
    `  --data '${TRACKING}'\n`,
  ].join("\n");
}
