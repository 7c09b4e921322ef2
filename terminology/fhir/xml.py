"""FHIR XML, https://hl7.org/fhir/R5/xml.html: `dumps` writes a resource, `loads` reads one.

Element order, types and cardinality come from `definitions`. The XML form that fhir.resources has
itself is not used: it writes ids as elements, drops those of primitives, rewrites decimals and
times, takes the entities of a DTD, and needs 15 ms for the answer to a `$lookup`.
"""

from terminology.fhir.xml_read import loads
from terminology.fhir.xml_write import dumps

__all__ = ["dumps", "loads"]
