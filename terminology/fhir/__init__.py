"""The wire: R4, R4B and R5 JSON and XML to and from the R5-shaped model."""
