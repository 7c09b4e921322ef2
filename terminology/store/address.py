"""The address of a database: whether libpq can read it, and how it may be shown.

https://www.postgresql.org/docs/15/libpq-connect.html#LIBPQ-CONNSTRING. It may hold a password, so
no message quotes an address that can't be read, nor the words that libpq has for it.
"""

import re

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

_SECRETS = ("password", "sslpassword")
_HIDDEN = "***"


class BadAddress(ValueError):
    """The address can't be read; the message says what is allowed, and quotes nothing."""


def check(address: str) -> None:
    """Make sure that an address is one, and that no part of a password is taken for another.

    Raises:
        BadAddress: libpq can't read it, or would look for a host or a port in the password.
    """
    place = re.sub(r"^[a-z]+://", "", address).partition("?")[0]
    hosts, _, name = place.partition("/")
    try:
        said = conninfo_to_dict(address)
    except psycopg.Error:
        raise BadAddress(_ALLOWED) from None
    ports = str(said.get("port", ""))
    if hosts.count("@") > 1 or "@" in name or re.search(r"[^0-9,]", ports):
        raise BadAddress(_ALLOWED)


_ALLOWED = (
    "an address such as postgresql://user:password@host1,host2/proterm, the characters % @ / : ? #"
    " and spaces of a password written as %25 %40 %2F %3A %3F %23 %20"
)


def shown(address: str) -> str:
    """An address for people: as it is, or with stars in place of what is secret in it."""
    try:
        said = conninfo_to_dict(address)
    except psycopg.Error:
        return _HIDDEN
    secret = {name: _HIDDEN for name in _SECRETS if name in said}
    return make_conninfo("", **{**said, **secret}) if secret else address
