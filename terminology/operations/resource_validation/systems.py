"""The code systems of procedures, by each of their names."""

from terminology.codesystems import cpt, hcpcs

OIDS = {
    "urn:oid:2.16.840.1.113883.6.12": cpt.URL,
    "urn:oid:2.16.840.1.113883.6.285": hcpcs.URL,
}
"""HL7's naming systems list them; in FHIR the URL is to be used."""
SYSTEMS = {
    cpt.URL: cpt.URL,
    hcpcs.URL: hcpcs.URL,
    # HL7's naming system lists both; the first one is preferred.
    hcpcs.URL.replace("http:", "https:"): hcpcs.URL,
    **OIDS,
}
"""Each by its URL."""
NAMES = {cpt.URL: "CPT", hcpcs.URL: "HCPCS Level II"}
"""For people."""


def not_loaded(kind: str, code: str) -> str:
    """The sentence of a code or a modifier that is not loaded."""
    return (
        f"The {kind} {code[:40]} is not loaded, so that it was not checked; a licensed release of"
        " CPT, or CMS's release of HCPCS Level II, would tell"
    )
