"""The tables of a store, in SQLAlchemy Core: one description for every database.

Reads do not go through SQLAlchemy; it makes the tables and loads them in bulk.
"""

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
)

metadata = MetaData()

meta = Table(
    "meta",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

resource = Table(
    "resource",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("type", Text, nullable=False),
    Column("id", Text, nullable=False),
    Column("url", Text),
    Column("version", Text),
    Column("body", LargeBinary, nullable=False),
    Column("head", LargeBinary, comment="a canonical's JSON without its concepts"),
    Index("resource_by_id", "type", "id", unique=True),
)

search_value = Table(
    "search_value",
    metadata,
    Column("resource", ForeignKey("resource.key"), nullable=False),
    Column("type", Text, nullable=False),
    Column("name", Text, nullable=False, comment="the search parameter"),
    Column("system", Text, comment="of a token"),
    Column("value", Text, nullable=False),
    Column("folded", Text, comment="a string without case and accents"),
    Index("search_value_by_value", "type", "name", "value"),
    Index("search_value_by_resource", "resource", "name"),
)

concept = Table(
    "concept",
    metadata,
    Column("system", ForeignKey("resource.key"), primary_key=True),
    Column("code", Text, primary_key=True),
    Column("ordinal", Integer, nullable=False),
    Column("parent", Integer),
    Column("display", Text),
    Column("plain", Integer, nullable=False, comment="1 where a list shows no more of it"),
    Column("folded", Text, nullable=False, comment="the code without case"),
    Column("text", Text, nullable=False, comment="code, display and designations, folded"),
    Column("body", LargeBinary, nullable=False, comment="the concept's JSON, no children"),
    # All that a list shows, so that a page of one is read off the index alone.
    Index("concept_by_ordinal", "system", "ordinal", "code", "display", "parent", "plain"),
    Index("concept_by_folded", "system", "folded"),
    sqlite_with_rowid=False,
)

concept_edge = Table(
    "concept_edge",
    metadata,
    Column("system", Integer, primary_key=True),
    Column("parent", Integer, primary_key=True),
    Column("child", Integer, primary_key=True),
    Index("concept_edge_up", "system", "child", "parent"),
    sqlite_with_rowid=False,
)

concept_property = Table(
    "concept_property",
    metadata,
    Column("system", Integer, nullable=False),
    Column("code", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("ordinal", Integer, nullable=False),
    Index("concept_property_by_value", "system", "code", "value", "ordinal"),
)

reference_row = Table(
    "reference_row",
    metadata,
    Column("code", Text, primary_key=True),
    Column("name", Text, primary_key=True, comment="of the table, `medicare-fee-schedule`"),
    Column("modifier", Text, primary_key=True, comment="'' for the row of the code alone"),
    Column("setting", Text, primary_key=True, comment="'' where the table has but one"),
    Column("effective", Text, primary_key=True),
    Column("release", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
