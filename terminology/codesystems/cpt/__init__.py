"""CPT: what its grammar, its owner and Medicare's tables add to an ordinary code system."""

URL = "http://www.ama-assn.org/go/cpt"
"""The system of every CPT code and modifier: https://terminology.hl7.org/CPT.html."""
COPYRIGHT = (
    "CPT © Copyright {year} American Medical Association. All rights reserved. AMA and CPT are"
    " registered trademarks of the American Medical Association."
)
"""What HL7's page on CPT asks for, with the year of the release that is used."""
