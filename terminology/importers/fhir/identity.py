"""Which resource is which: ids for those without, and two that claim to be one."""

import hashlib
import re
from typing import NamedTuple

import msgspec

from terminology.fhir.json import Json

_LONGEST = 64
"""Of an id: https://hl7.org/fhir/R5/datatypes.html#id."""
_encode = msgspec.json.Encoder(decimal_format="number", order="sorted").encode


class Verdict(NamedTuple):
    """What becomes of a resource."""

    id: str
    """Its id from now on."""
    is_known: bool = False
    """Whether the same has been read before: it is loaded once."""
    remark: str = ""
    """What people should know, a sentence."""
    fault: str = ""
    """Why it can't be loaded beside the others."""


class Identities:
    """The resources read so far, by what they are asked for with."""

    def __init__(self) -> None:
        """Start with none."""
        self._by_id: dict[tuple[str, str], tuple[str, str]] = {}
        self._by_canonical: dict[tuple[str, ...], tuple[str, str]] = {}

    def judge(self, resource: Json, digest: str, file: str) -> Verdict:
        """Say what becomes of a resource.

        A resource is known by its type and id, and by its type, url and version. What stands there
        twice with the same content is the same; with another content it is a fault. Where but the
        id is the same, as in two versions of a code system, the second gets one of its own.

        Args:
            resource: R5-shaped, with or without an id.
            digest: of its content, `digest_of`.
            file: that it stands in, for messages.
        """
        root, own = resource["resourceType"], resource.get("id")
        canonical = _canonical(resource)
        if canonical in self._by_canonical:
            named = "|".join(part for part in canonical[1:] if part)
            return _twice(f"{root} {named}", self._by_canonical[canonical], digest, own or "")
        taken = self._by_id.get((root, own)) if own else None
        if own and taken and not canonical:
            return _twice(f"{root}/{own}", taken, digest, own)
        verdict = Verdict(own) if own and not taken else self._named(resource, file, taken)
        if not verdict.fault:
            self._by_id[root, verdict.id] = digest, file
            if canonical:
                self._by_canonical[canonical] = digest, file
        return verdict

    def _named(self, resource: Json, file: str, taken: tuple[str, str] | None) -> Verdict:
        """Give an id to a resource that has none, or one that another has."""
        made = self._made(resource, file)
        if made is None:
            return Verdict("", fault="no id could be made for it; give it one")
        if taken is None:
            return Verdict(made)
        named = f"{resource['resourceType']}/{resource['id']}"
        return Verdict(
            made,
            remark=f"{named} of {file} is given the id {made}: in {taken[1]} is one of its id.",
        )

    def _made(self, resource: Json, file: str) -> str | None:
        root, url, version = (resource.get(name) for name in ("resourceType", "url", "version"))
        named = url if isinstance(url, str) else file.rpartition(".")[0]
        base = re.split(r"[/:#|]", named.rstrip("/"))[-1]
        wanted = f"{base}-{version}" if version else base
        slug = re.sub(r"[^A-Za-z0-9.-]+", "-", wanted).strip("-.")
        whole = hashlib.sha256(f"{root}|{named}|{version or ''}".encode()).hexdigest()[:8]
        marked = f"{slug[: _LONGEST - 9]}-{whole}" if slug else whole
        plain = [slug] if 0 < len(slug) <= _LONGEST and slug == wanted else []
        free = (each for each in (*plain, marked) if (root, each) not in self._by_id)
        return next(free, None)


def _canonical(resource: Json) -> tuple[str, ...]:
    """Type, url and version; empty for a resource without a url."""
    if not isinstance(url := resource.get("url"), str):
        return ()
    return resource["resourceType"], url, resource.get("version") or ""


def _twice(what: str, before: tuple[str, str], digest: str, own: str) -> Verdict:
    if before[0] == digest:
        return Verdict(own, is_known=True)
    return Verdict(own, fault=f"{what} stands in {before[1]} too, with another content")


def digest_of(resource: Json, concepts: bytes) -> str:
    """The hash of what a resource says, the same for JSON and XML.

    Args:
        resource: R5-shaped; its narrative is left out, which each format writes in its own way.
        concepts: the hash of those that it is kept without.
    """
    said = {name: value for name, value in resource.items() if name != "text"}
    return hashlib.sha256(_encode(said) + concepts).hexdigest()
