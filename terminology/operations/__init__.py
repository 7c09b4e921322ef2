"""FHIR's terminology operations, one file each: a request in, a result out, no I/O of their own."""
