"""The FHIR service: Flask routes, content negotiation, limits and pages over the domain."""
