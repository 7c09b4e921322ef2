"""Small steps on JSON objects, none of which writes to its argument."""

from typing import Any

from terminology.fhir.json import Json


def change(value: Json, /, *without: str, **changed: Any) -> Json:
    """Copy an object without some keys and with others set; those that are None are not set."""
    copy = {key: item for key, item in value.items() if key not in without}
    copy |= {key: item for key, item in changed.items() if item is not None}
    return copy


def as_list(value: Any) -> list[Any]:
    """Give a list as it is, nothing as an empty list, and anything else as a list of one."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def unless_empty(items: list[Any]) -> list[Any] | None:
    """Give the list, or None where it holds nothing but None."""
    return items if any(item is not None for item in items) else None


def with_extensions(value: Json, url: str, key: str, items: list[Any]) -> Json:
    """Add an extension `url` with the value `key` for each item."""
    extensions = [{"url": url, key: item} for item in items]
    return change(value, extension=[*as_list(value.get("extension")), *extensions] or None)


def without_extensions(value: Json, url: str, key: str) -> tuple[Json, list[Any]]:
    """Undo `with_extensions`; give the object without them and the items."""
    kept: list[Any] = []
    items: list[Any] = []
    for extension in as_list(value.get("extension")):
        if isinstance(extension, dict) and extension.get("url") == url and key in extension:
            items.append(extension[key])
        else:
            kept.append(extension)
    return (change(value, "extension", extension=kept or None), items) if items else (value, [])
