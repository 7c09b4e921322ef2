"""XML text to a tree, with nothing in it that reaches outside the text."""

import re

from lxml import etree

from terminology.errors import MalformedInput

FHIR = "http://hl7.org/fhir"
XHTML = "http://www.w3.org/1999/xhtml"

# What may stand before a DTD. Each part is atomic, so that nothing is tried twice.
_DOCTYPE = re.compile(
    rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?(?>\s+|<\?(?>.*?\?>)|<!--(?>.*?-->))*+<!DOCTYPE",
    re.DOTALL,
)


def parse(body: bytes) -> etree._Element:
    """Parse an XML document of any encoding that it declares.

    Returns:
        Its root; comments and processing instructions are gone.

    Raises:
        MalformedInput: not well-formed XML, or a DTD.
    """
    # Looked for ahead of the parser, which would read the entities that a DTD declares; NULs are
    # what UTF-16 has between its letters.
    if _DOCTYPE.match(body.replace(b"\0", b"")):
        raise _has_dtd()
    # A parser keeps the errors of its last document and is not for several threads: one a call.
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        collect_ids=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise MalformedInput(f"The XML is malformed: {error}.") from None
    # An encoding that hides the letters of <!DOCTYPE from the search above ends here.
    if root.getroottree().docinfo.doctype:  # type: ignore[union-attr]
        raise _has_dtd()
    return root


def _has_dtd() -> MalformedInput:
    return MalformedInput("The XML has a DTD (<!DOCTYPE ...>), which FHIR forbids; leave it out.")
