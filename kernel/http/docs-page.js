// Shows the document of the service that served this page.
globalThis.SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#api',
  deepLinking: true,
  displayOperationId: false,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  // Else a badge would be asked for elsewhere.
  validatorUrl: null,
});
