"""A runner for HL7's terminology ecosystem tests, against any server that speaks FHIR over HTTP.

The tests are those of https://github.com/HL7/fhir-tx-ecosystem-ig, folder `tests`; what a request
looks like and when an answer counts as right is what HL7's own runner does (`TxTester` and
`CompareUtilities` of https://github.com/hapifhir/org.hl7.fhir.core). Every test gets two scores:

- *official*: as HL7's runner counts;
- *strict*: the same without two of its leniencies, strings that only agree when read as base64,
  and arrays that are missing altogether. See `rules.Rules.strict`.

    suite     test-cases.json: which tests there are, and which of them run
    requests  a test as an HTTP request
    client    HTTP: an answer, or in words why there is none
    server    which FHIR version a server speaks
    scrub     what an answer may have besides what is compared
    sorting   the order in which it is compared
    tokens    `$uuid$`, `$choice:a|b$` and the other templates for a string
    rules     what one comparison knows of the run it belongs to
    compare   an expected response and an answer, and what is different
    running   all of it, in a few threads
    report    tables and differences, for people and as JSON
    progress  what is told while it runs
    command   `proterm conform`
"""
