"""CPT: what its grammar, its owner and Medicare's tables add to an ordinary code system."""

URL = "http://www.ama-assn.org/go/cpt"
"""The system of every CPT code and modifier: https://terminology.hl7.org/CPT.html."""
