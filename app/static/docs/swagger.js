// Starts Swagger UI; in a file of its own, so that the pages need no inline script.
"use strict";

const page = document.getElementById("swagger-ui");
const IN_ANSWER = "$response.body#/";
const IN_PATH = "$request.path.";

// OpenAPI's links say which values of an answer the next operation is called with. Swagger UI only
// lists them; here they are also filled in, so that after paying, Execute verifies that payment.
function followLinks(system, path, method, response) {
  const described = system.specSelectors.specJson().toJS();
  const links = described.paths[path]?.[method]?.responses?.[response.status]?.links ?? {};
  const asked = pathValues(path, response.url);
  for (const link of Object.values(links)) {
    const target = findOperation(described, link.operationId);
    const parameters = valuesIn(response.body, asked, link.parameters);
    for (const [name, value] of Object.entries(parameters)) {
      system.specActions.changeParam(target, name, "path", value, false);
    }
    const fields = valuesIn(response.body, asked, link.requestBody);
    if (Object.keys(fields).length > 0) {
      // Without this mark, an operation that was never opened would start with its example.
      system.oas3Actions.setRetainRequestBodyValueFlag({ value: true, pathMethod: target });
      system.oas3Actions.setRequestBodyValue({
        value: JSON.stringify({ ...exampleBody(described, target), ...fields }, null, 2),
        pathMethod: target,
      });
    }
  }
}

// The example the operation starts with: the body's own, or one of its required fields' examples.
function exampleBody(described, [path, method]) {
  const content = described.paths[path][method].requestBody?.content ?? {};
  const { $ref } = Object.values(content)[0]?.schema ?? {};
  const schema = described.components.schemas[$ref?.split("/").pop()] ?? {};
  if (schema.examples) return schema.examples[0];
  const required = (schema.required ?? []).map((name) => [name, schema.properties[name]]);
  return Object.fromEntries(required.map(([name, field]) => [name, field.examples?.[0] ?? ""]));
}

function findOperation(described, operationId) {
  for (const [path, operations] of Object.entries(described.paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      if (operation.operationId === operationId) return [path, method];
    }
  }
  throw new Error(`no operation is called ${operationId}`);
}

// The values in the address that was called, by the names in its template.
function pathValues(template, url) {
  const pattern = template.replace(/\{(\w+)\}/g, "(?<$1>[^/]+)");
  return new RegExp(`${pattern}/?$`).exec(new URL(url, location.href).pathname)?.groups ?? {};
}

function valuesIn(answer, asked, expressions) {
  const valueOf = (expression) =>
    expression.startsWith(IN_ANSWER)
      ? at(answer, expression.slice(IN_ANSWER.length))
      : asked[expression.slice(IN_PATH.length)];
  const found = Object.entries(expressions ?? {})
    .filter(([, expression]) => expression.startsWith(IN_ANSWER) || expression.startsWith(IN_PATH))
    .map(([name, expression]) => [name, valueOf(expression)]);
  return Object.fromEntries(found.filter(([, value]) => value !== undefined && value !== null));
}

// The value a JSON pointer leads to, as in `ticket_types/0/id`.
function at(answer, pointer) {
  return pointer.split("/").reduce((value, step) => value?.[step], answer);
}

const LinkFollowing = () => ({
  statePlugins: {
    spec: {
      wrapActions: {
        setResponse: (original, system) => (path, method, response) => {
          const action = original(path, method, response);
          followLinks(system, path, method, response);
          return action;
        },
      },
    },
  },
});

// Before Swagger UI draws an operation it resolves the whole description once more, which takes
// seconds. It gets what the operation refers to.
const NarrowResolving = () => ({
  afterLoad(system) {
    const { resolveSubtree } = system.fn;
    system.fn.resolveSubtree = (described, path, options) =>
      resolveSubtree(path.length > 1 ? narrowed(described, path) : described, path, options);
  },
});

// The description with one part alone, such as a path's operations, and the components it needs.
function narrowed(described, [section, name]) {
  const { securitySchemes } = described.components;
  const narrow = { ...described, paths: {}, components: { securitySchemes } };
  narrow[section][name] = described[section][name];
  const unread = [narrow[section][name]];
  while (unread.length > 0) {
    const references = JSON.stringify(unread.pop()).matchAll(/"#\/components\/(\w+)\/([^"]+)"/g);
    for (const [, kind, component] of references) {
      narrow.components[kind] ??= {};
      if (component in narrow.components[kind]) continue;
      narrow.components[kind][component] = described.components[kind][component];
      unread.push(narrow.components[kind][component]);
    }
  }
  return narrow;
}

// The dialog behind Authorize has a form for accounts and one for scanners. Most people log in, so it
// starts in the user name; the fields of OAuth2 clients, which the shop does not know, are hidden.
function startInUserName(dialog) {
  for (const id of ["client_id_password", "client_secret_password"]) {
    const label = dialog.querySelector(`label[for="${id}"]`);
    if (label) label.parentElement.style.display = "none";
  }
  const account = dialog.querySelector("#oauth_username")?.closest(".auth-container");
  account?.addEventListener("keydown", (pressed) => {
    if (pressed.key === "Enter") account.querySelector(".auth-btn-wrapper .authorize")?.click();
  });
  dialog.querySelector("#oauth_username")?.focus();
  dialog.querySelector(".modal-ux-content")?.scrollTo(0, 0);
}

new MutationObserver((changes) => {
  const added = changes.flatMap((change) => [...change.addedNodes]);
  const dialog = added.find((node) => node.classList?.contains("dialog-ux"));
  // Swagger UI moves the focus itself when it has drawn the dialog.
  if (dialog) setTimeout(() => startInUserName(dialog));
}).observe(page, { childList: true, subtree: true });

// Closed at first, so that the way to a ticket is in sight. With 150 and more lines open, Swagger UI
// draws only those on the screen, and the browser's search finds no others.
const CLOSED = ["organizations", "door", "admin"];

function closeTags() {
  for (const tag of CLOSED.filter((each) => !location.hash.startsWith(`#/${each}`))) {
    window.ui.layoutActions.show(["operations-tag", tag], false);
  }
}

window.ui = SwaggerUIBundle({
  domNode: page,
  url: page.dataset.openapiUrl,
  presets: [SwaggerUIBundle.presets.apis],
  plugins: [LinkFollowing, NarrowResolving],
  layout: "BaseLayout",
  deepLinking: true,
  onComplete: closeTags,
  displayRequestDuration: true,
  // Every example succeeds as it stands, so the fields are open and Execute is one click away.
  tryItOutEnabled: true,
  // The badge would send the description to another host.
  validatorUrl: null,
});
