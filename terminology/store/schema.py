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

concept_word = Table(
    "concept_word",
    metadata,
    Column("system", Integer, primary_key=True),
    Column("word", Text, primary_key=True, comment="folded"),
    Column("field", Integer, primary_key=True, comment="display, designation or definition"),
    Column("is_bitmap", Integer, nullable=False, comment="1 where the postings are a bitmap"),
    Column("postings", LargeBinary, nullable=False, comment="ordinals: terminology.store.words"),
    sqlite_with_rowid=False,
)

table_release = Table(
    "table_release",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("name", Text, nullable=False, comment="of the table, `medicare-fee-schedule`"),
    Column("setting", Text, nullable=False, comment="'' where the table has but one"),
    Column("release", Text, nullable=False, comment="the publisher's name of it, `2025D`"),
    Column("title", Text, nullable=False, comment="its name for people"),
    Column("effective", Text, nullable=False, comment="the first day in force"),
    Column("until", Text, nullable=False, comment="the last day of its own period"),
    Column("source", Text, nullable=False, comment="the id of a DocumentReference"),
    Column("whole", Integer, nullable=False, comment="0 for an extract"),
    Column("rows", Integer, nullable=False),
    Column("complete_for", Text, nullable=False, comment="codes an extract holds every row of"),
    Index("table_release_by_name", "name", "setting", "release", unique=True),
)

table_row = Table(
    "table_row",
    metadata,
    Column("release", ForeignKey("table_release.key"), primary_key=True),
    Column("code", Text, primary_key=True),
    Column("modifier", Text, primary_key=True, comment="'' for the row of the code alone"),
    Column("body", LargeBinary, nullable=False, comment="the other columns as JSON"),
    sqlite_with_rowid=False,
)

code_pair = Table(
    "code_pair",
    metadata,
    Column("release", ForeignKey("table_release.key"), primary_key=True),
    Column("column1", Text, primary_key=True),
    Column("column2", Text, primary_key=True),
    # A pair may be published again with other dates.
    Column("effective", Text, primary_key=True, comment="'' where it is not known"),
    Column("deleted", Text, primary_key=True, comment="the last day, '' where there is none"),
    Column("indicator", Text, primary_key=True, comment="'' where it is not known"),
    Column("rationale", Text, nullable=False),
    sqlite_with_rowid=False,
)
