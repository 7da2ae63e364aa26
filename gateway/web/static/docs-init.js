window.ui = SwaggerUIBundle({
  url: "/v1/openapi.json",
  dom_id: "#swagger",
  deepLinking: true,
  docExpansion: "none",
  validatorUrl: null,
});
