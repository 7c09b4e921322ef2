"""HCPCS Level II: codes and modifiers of CMS that stand beside CPT's."""

URL = "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
"""The system of every Level II code and modifier: HL7 Terminology, naming system HCPCS."""
