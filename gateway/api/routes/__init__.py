"""The route tables, one module for each service: `ROUTES`, a list of gateway.api.route.Route."""
