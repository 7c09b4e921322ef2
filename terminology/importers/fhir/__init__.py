"""FHIR resources: packages, folders, archives and single files, JSON and XML, R4, R4B and R5."""
