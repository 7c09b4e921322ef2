"""`Procedure/$validate` and `Claim/$validate`: a resource read as lines, and the lines judged.

What comes in is read leniently: its structure is told of apart (`terminology.fhir.structure`), and
what can be read in spite of a fault is judged all the same.
"""
