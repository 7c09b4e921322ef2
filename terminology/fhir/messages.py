"""The sentences of terminology issues, one function for each message.

Their texts and codes are those that HL7's validators know (the message catalogue of HL7's
reference implementation, keyed by message id), so that a client can treat every server alike.
"""

from collections.abc import Sequence

from terminology.fhir.outcome import Issue
from terminology.model import CodeSystem


def _coded(code: str, display: str | None) -> str:
    return f"{code} ('{display}')" if display is not None else code


def _set(canonical: str) -> str:
    return f"the value set '{canonical}'" if canonical else "the value set, which has no url"


def message(severity: str, code: str, kind: str, message_id: str, text: str, path: str) -> Issue:
    """An issue with its kind (`tx-issue-type`), its message id, and where it stands if anywhere."""
    return Issue(
        severity, code, text, (path,) if path else (), tx_issue_type=kind, message_id=message_id
    )


def unknown_code(code: str, system: CodeSystem, path: str) -> Issue:
    """A code that its complete code system does not have."""
    text = f"Unknown code '{code}' in the CodeSystem '{system.url}'"
    if system.version:
        text += f" version '{system.version}'"
    return message("error", "code-invalid", "invalid-code", "Unknown_Code_in_Version", text, path)


def unknown_code_in_fragment(code: str, system: CodeSystem, path: str) -> Issue:
    """A code that is not in the loaded part of its code system; it may be in another part."""
    text = (
        f"Unknown Code '{code}' in the CodeSystem '{system.url}' version '{system.version or ''}'"
        " - note that the code system is labeled as a fragment,"
        " so the code may be valid in some other fragment"
    )
    kind = "UNKNOWN_CODE_IN_FRAGMENT"
    return message("warning", "code-invalid", "invalid-code", kind, text, path)


def not_in_value_set(
    system: str | None,
    version: str | None,
    code: str,
    display: str | None,
    value_set: str,
    path: str,
    *,
    decides: bool = True,
) -> Issue:
    """A code that is not in the value set; `decides` where no other coding can save the result."""
    named = f"{system or ''}{'|' + version if version else ''}#{_coded(code, display)}"
    text = f"The provided code '{named}' was not found in {_set(value_set)}"
    return message(
        "error" if decides else "information",
        "code-invalid",
        "not-in-vs" if decides else "this-code-not-in-vs",
        "None_of_the_provided_codes_are_in_the_value_set_one",
        text,
        path,
    )


def no_coding_in_value_set(value_set: str) -> Issue:
    """A CodeableConcept none of whose codings is in the value set."""
    text = f"No valid coding was found for {_set(value_set)}"
    kind = "TX_GENERAL_CC_ERROR_MESSAGE"
    return message("error", "code-invalid", "not-in-vs", kind, text, "")


def unknown_system(system: str, path: str) -> Issue:
    """A code system that is not loaded in any version."""
    text = (
        f"A definition for CodeSystem '{system}' could not be found,"
        " so the code cannot be validated"
    )
    return message("error", "not-found", "not-found", "UNKNOWN_CODESYSTEM", text, path)


def unknown_system_version(system: str, version: str, known: Sequence[str], path: str) -> Issue:
    """A code system that is not loaded in this version, and maybe in no other."""
    text = (
        f"A definition for CodeSystem '{system}' version '{version}' could not be found,"
        " so the code cannot be validated."
    )
    if known:
        text += f" Valid versions: {' or '.join(known)}"
        kind = "UNKNOWN_CODESYSTEM_VERSION"
    else:
        text += " No versions of this code system are known"
        kind = "UNKNOWN_CODESYSTEM_VERSION_NONE"
    return message("error", "not-found", "not-found", kind, text, path)


def relative_system(path: str) -> Issue:
    """A system that is no absolute URI."""
    text = "Coding.system must be an absolute reference, not a local reference"
    kind = "Terminology_TX_System_Relative"
    return message("error", "invalid", "invalid-data", kind, text, path)


def system_is_value_set(system: str, path: str) -> Issue:
    """A system that is the URL of a value set."""
    text = f"The Coding references a value set, not a code system ('{system}')"
    kind = "Terminology_TX_System_ValueSet2"
    return message("error", "invalid", "invalid-data", kind, text, path)


def system_is_supplement(system: str, path: str) -> Issue:
    """A system that is the URL of a supplement."""
    text = f"CodeSystem {system} is a supplement, so can't be used as a value in Coding.system"
    kind = "CODESYSTEM_CS_NO_SUPPLEMENT"
    return message("error", "invalid", "invalid-data", kind, text, path)


def no_system(path: str) -> Issue:
    """A coding that names no code system."""
    text = (
        "Coding has no system. A code with no system has no defined meaning, and it cannot be"
        " validated. A system should be provided"
    )
    kind = "Coding_has_no_system__cannot_validate"
    return message("warning", "invalid", "invalid-data", kind, text, path)


def version_mismatch(system: str, included: str, sent: str, path: str) -> Issue:
    """A coding of another version than the one that the value set includes."""
    text = (
        f"The code system '{system}' version '{included}' in the ValueSet include is different"
        f" to the one in the value ('{sent}')"
    )
    return message("error", "invalid", "vs-invalid", "VALUESET_VALUE_MISMATCH", text, path)


def version_mismatch_changed(
    system: str, effective: str, stated: str, sent: str, path: str
) -> Issue:
    """A coding of another version than the one that a parameter made of the include."""
    text = (
        f"The code system '{system}' version '{effective}' resulting from the version '{stated}'"
        f" in the ValueSet include is different to the one in the value ('{sent}')"
    )
    kind = "VALUESET_VALUE_MISMATCH_CHANGED"
    return message("error", "invalid", "vs-invalid", kind, text, path)


def version_mismatch_default(system: str, effective: str, sent: str, path: str) -> Issue:
    """A coding of another version than the latest, which an include without version means."""
    text = (
        f"The code system '{system}' version '{effective}' for the versionless include in the"
        f" ValueSet include is different to the one in the value ('{sent}')"
    )
    kind = "VALUESET_VALUE_MISMATCH_DEFAULT"
    return message("warning", "invalid", "vs-invalid", kind, text, path)


def version_refused(system: str, version: str, required: str, path: str) -> Issue:
    """A version that `check-system-version` does not allow."""
    text = (
        f"The version '{version}' is not allowed for system '{system}': required to be"
        f" '{required}' by a version-check parameter"
    )
    kind = "VALUESET_VERSION_CHECK"
    return message("error", "exception", "version-error", kind, text, path)


def reference_to(status: str, kind: str, canonical: str) -> Issue:
    """A code system or value set of a status that a user of it should know of."""
    text = f"Reference to {status} {kind} {canonical}"
    message_id = f"MSG_{status.upper()}"
    return message("information", "business-rule", "status-check", message_id, text, "")


def cannot_infer(code: str, value_set: str, path: str) -> Issue:
    """A code without a system that no include of the value set has."""
    text = (
        f"The System URI could not be determined for the code '{code}' in the ValueSet"
        f" '{value_set}'"
    )
    return message("error", "not-found", "cannot-infer", "UNABLE_TO_INFER_CODESYSTEM", text, path)


def ambiguous_system(code: str, value_set: str, systems: Sequence[str], path: str) -> Issue:
    """A code without a system that several code systems of the value set have."""
    text = (
        f"The System URI could not be determined for the code '{code}' in the ValueSet"
        f" '{value_set}': value set expansion has multiple matches: [{', '.join(systems)}]"
    )
    kind = "Unable_to_resolve_system__value_set_has_multiple_matches"
    return message("error", "not-found", "cannot-infer", kind, text, path)


def inactive_concept(code: str, status: str, path: str) -> Issue:
    """A code that is valid but no longer to be used."""
    text = f"The concept '{code}' has a status of {status} and its use should be reviewed"
    kind = "INACTIVE_CONCEPT_FOUND"
    return message("warning", "business-rule", "code-comment", kind, text, path)


def deprecated_concept(code: str, path: str) -> Issue:
    """A code that is still valid and soon not any more."""
    text = f"The concept '{code}' is deprecated and its use should be reviewed"
    kind = "DEPRECATED_CONCEPT_FOUND"
    return message("warning", "business-rule", "code-comment", kind, text, path)


def deprecated_in_value_set(code: str, system: str, value_set: str, path: str) -> Issue:
    """A code that the value set holds and means to drop."""
    text = (
        f"The presence of the concept '{code}' in the system '{system}' in the value set"
        f" {value_set} is marked with a status of deprecated and its use should be reviewed"
    )
    kind = "CONCEPT_DEPRECATED_IN_VALUESET"
    return message("warning", "business-rule", "code-comment", kind, text, path)


def not_active(code: str, path: str) -> Issue:
    """A code that is refused because only active ones were asked for."""
    text = f"The concept '{code}' is valid but is not active"
    return message("error", "business-rule", "code-rule", "STATUS_CODE_WARNING_CODE", text, path)


def abstract_code(system: str, code: str, path: str) -> Issue:
    """A code that only groups others, where such are not allowed."""
    text = f"Code '{system}#{code}' is abstract, and not allowed in this context"
    return message("error", "business-rule", "code-rule", "ABSTRACT_CODE_NOT_ALLOWED", text, path)


def case_difference(sent: str, code: str, system: CodeSystem, path: str) -> Issue:
    """A code that is right but for its case, in a code system that does not look at case."""
    text = (
        f"The code '{sent}' differs from the correct code '{code}' by case. Although the code"
        f" system '{system.canonical}' is case insensitive, implementers are strongly encouraged"
        " to use the correct case anyway"
    )
    return message("information", "business-rule", "code-rule", "CODE_CASE_DIFFERENCE", text, path)


def unresolved_value_set(text: str) -> Issue:
    """A value set that another one imports and that is not loaded."""
    return message("error", "not-found", "not-found", "Unable_to_resolve_value_Set_", text, "")
