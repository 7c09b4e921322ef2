"""The FHIR versions that are spoken on the wire."""

from enum import Enum


class FhirVersion(Enum):
    """A published FHIR version; its value is the number that `fhirVersion` carries."""

    R4 = "4.0.1"
    R4B = "4.3.0"
    R5 = "5.0.0"

    @property
    def base(self) -> str:
        """The path segment of this version's endpoint, `r4` for 4.0.1."""
        return self.name.lower()

    @property
    def mime(self) -> str:
        """What the `fhirVersion` parameter of a media type says, `4.0` for 4.0.1."""
        return self.value.rpartition(".")[0]
