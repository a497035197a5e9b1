// Starts Swagger UI; in a file of its own, so that the pages need no inline script.
"use strict";

const page = document.getElementById("swagger-ui");

window.ui = SwaggerUIBundle({
  domNode: page,
  url: page.dataset.openapiUrl,
  presets: [SwaggerUIBundle.presets.apis],
  layout: "BaseLayout",
  deepLinking: true,
  displayRequestDuration: true,
  // Every example succeeds as it stands, so the fields are open and Execute is one click away.
  tryItOutEnabled: true,
  // The badge would send the description to another host.
  validatorUrl: null,
});
