// "Try it": opens Swagger UI for the one operation of a page, with the sandbox that serves the page.
"use strict";

(() => {
  const FOLDER = new URL(".", document.currentScript.src);
  const SERVED_AT = "/_sandbox/docs/";
  const KEY_HEADER = "Trackingmore-Api-Key";
  const EXAMPLE_KEY = "00000000-0000-4000-8000-000000000001";

  const element = (name, properties = {}, ...children) => {
    const made = Object.assign(document.createElement(name), properties);
    made.append(...children);
    return made;
  };

  const load = (file) => new Promise((resolve, reject) => {
    const script = element("script", { src: new URL(file, FOLDER), onload: resolve, onerror: reject });
    document.head.append(script);
  });

  // The contract with one operation, at the server of this page; the page describes the rest.
  const only = (contract, id) => {
    const servers = [{ url: new URL("/v2", location).href }];
    for (const [path, { parameters, ...methods }] of Object.entries(contract.paths)) {
      for (const [method, operation] of Object.entries(methods)) {
        if (operation.operationId !== id) continue;
        const bare = { ...operation, description: "", responses: { default: { description: "" } } };
        return { ...contract, servers, security: [], tags: [], webhooks: {}, paths: { [path]: { parameters, [method]: bare } } };
      }
    }
    throw new Error(`the contract has no operation ${id}`);
  };

  const startSentence = () => {
    const [, page] = location.pathname.match(/\/(reference\/[^/]+)$/);
    const url = `http://127.0.0.1:8642${SERVED_AT}${page}`;
    return element("p", {},
      "To send requests, start a sandbox with ", element("code", { textContent: "trackingmore-v2 sandbox --port 8642" }),
      " and open ", element("a", { href: url, textContent: url }), ".");
  };

  const missingSentence = () => element("p", {},
    "This site was built without Swagger UI; install npm and build it with ",
    element("code", { textContent: "nox -s docs" }), ".");

  // Swagger UI leaves the controls of parameters without a name.
  const nameControls = (target) => {
    for (const row of target.querySelectorAll("tr[data-param-name]")) {
      for (const control of row.querySelectorAll("input, select, textarea")) control.ariaLabel = row.dataset.paramName;
    }
  };

  const mount = async (place, id) => {
    await Promise.all([load("contract.js"), load("swagger-ui/swagger-ui-bundle.js")]);
    const key = element("input", { value: EXAMPLE_KEY, spellcheck: false, autocomplete: "off", size: 36 });
    const target = element("div");
    new MutationObserver(() => nameControls(target)).observe(target, { childList: true, subtree: true });
    place.replaceChildren(element("label", {}, "API key; any UUID is one ", key), target);
    SwaggerUIBundle({
      spec: only(CONTRACT, id),
      domNode: target,
      layout: "OneOperation",
      plugins: [PLUGIN],
      docExpansion: "full",
      tryItOutEnabled: true,
      syntaxHighlight: { activated: false },
      validatorUrl: null,
      requestInterceptor: (request) => {
        request.headers[KEY_HEADER] = key.value.trim();
        return request;
      },
    });
  };

  // The operation without the head of a page, and with a name for each control.
  const PLUGIN = ({ React: { createElement } }) => ({
    components: {
      OneOperation: ({ getComponent }) => createElement(getComponent("operations", true)),
    },
    wrapComponents: {
      ExamplesSelect: (Original) => (properties) => createElement("label", {}, createElement(Original, properties)),
      RequestBodyEditor: (Original) => (properties) => createElement("label", {}, "Body", createElement(Original, properties)),
    },
  });

  const open = (place, id) => {
    if (!location.pathname.startsWith(SERVED_AT)) place.replaceChildren(startSentence());
    else mount(place, id).catch(() => place.replaceChildren(missingSentence()));
  };

  for (const part of document.querySelectorAll(".try-it")) {
    const place = element("div", { className: "try-it-content" });
    const details = element("details", {}, element("summary", { textContent: "Try it" }), place);
    details.addEventListener("toggle", () => open(place, part.dataset.operation), { once: true });
    part.append(details);
  }
})();
