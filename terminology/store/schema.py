"""The tables of a store's content, in SQLAlchemy Core: one description for every database.

Reads do not go through SQLAlchemy; it makes the tables and loads them in bulk. An embedded store
has a file with these tables for each release, PostgreSQL has all releases in the same ones.
"""

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, MetaData, Sequence, Table
from sqlalchemy import Text as AnyText
from sqlalchemy.dialects.postgresql import TEXT

metadata = MetaData()

# Text is ordered by its bytes everywhere, whatever the language of the database.
Text = AnyText().with_variant(TEXT(collation="C"), "postgresql")
# SQLite's own whole number, of any size.
Key = BigInteger().with_variant(Integer(), "sqlite")

meta = Table(
    "meta",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

resource = Table(
    "resource",
    metadata,
    Column("key", Key, primary_key=True, autoincrement=False, comment="terminology.store.base"),
    Column("release", Integer, nullable=False),
    Column("type", Text, nullable=False),
    Column("id", Text, nullable=False),
    Column("url", Text),
    Column("version", Text),
    Column("body", LargeBinary, nullable=False),
    Column("head", LargeBinary, comment="a canonical's JSON without its concepts"),
    Index("resource_by_id", "release", "type", "id", unique=True),
)

search_value = Table(
    "search_value",
    metadata,
    Column("resource", Key, nullable=False),
    Column("release", Integer, nullable=False),
    Column("type", Text, nullable=False),
    Column("name", Text, nullable=False, comment="the search parameter"),
    Column("system", Text, comment="of a token"),
    Column("value", Text, nullable=False),
    Column("folded", Text, comment="a string without case and accents"),
    Index("search_value_by_resource", "resource", "name"),
)
# PostgreSQL keeps no long texts in an index, such as descriptions.
Index(
    "search_value_by_value",
    *(search_value.c[name] for name in ("release", "type", "name", "value")),
).ddl_if(dialect="sqlite")
Index(
    "search_value_by_name", *(search_value.c[name] for name in ("release", "type", "name"))
).ddl_if(dialect="postgresql")

concept = Table(
    "concept",
    metadata,
    Column("system", Key, primary_key=True, autoincrement=False, comment="resource.key"),
    Column("code", Text, primary_key=True),
    Column("ordinal", Integer, nullable=False),
    Column("parent", Integer),
    Column("display", Text),
    Column("plain", Integer, nullable=False, comment="1 where a list shows no more of it"),
    Column("folded", Text, nullable=False, comment="the code without case"),
    Column("body", LargeBinary, nullable=False, comment="the concept's JSON, no children"),
    Index("concept_by_folded", "system", "folded", "ordinal"),
    sqlite_with_rowid=False,
)
# All that a list shows, so that a page of one is read off the index alone; PostgreSQL keeps no long
# displays in an index.
Index(
    "concept_by_ordinal",
    *(concept.c[name] for name in ("system", "ordinal", "code", "display", "parent", "plain")),
).ddl_if(dialect="sqlite")
Index("concept_by_place", concept.c.system, concept.c.ordinal).ddl_if(dialect="postgresql")

concept_edge = Table(
    "concept_edge",
    metadata,
    Column("system", Key, primary_key=True, autoincrement=False),
    Column("parent", Integer, primary_key=True),
    Column("child", Integer, primary_key=True),
    Index("concept_edge_up", "system", "child", "parent"),
    sqlite_with_rowid=False,
)

concept_property = Table(
    "concept_property",
    metadata,
    Column("system", Key, nullable=False),
    Column("code", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("start", Text, nullable=False, comment="of the value: an index holds no long texts"),
    Column("ordinal", Integer, nullable=False),
    Index("concept_property_by_value", "system", "code", "start", "ordinal"),
)

concept_word = Table(
    "concept_word",
    metadata,
    Column("system", Key, primary_key=True, autoincrement=False),
    Column("word", Text, primary_key=True, comment="folded"),
    Column("field", Integer, primary_key=True, comment="display, designation or definition"),
    Column("is_bitmap", Integer, nullable=False, comment="1 where the postings are a bitmap"),
    Column("postings", LargeBinary, nullable=False, comment="ordinals: terminology.store.words"),
    sqlite_with_rowid=False,
)

table_release = Table(
    "table_release",
    metadata,
    Column("key", Key, primary_key=True, autoincrement=False),
    Column("release", Integer, nullable=False),
    Column("name", Text, nullable=False, comment="of the table, `medicare-fee-schedule`"),
    Column("setting", Text, nullable=False, comment="'' where the table has but one"),
    Column("label", Text, nullable=False, comment="the publisher's name of it, `2025D`"),
    Column("title", Text, nullable=False, comment="its name for people"),
    Column("effective", Text, nullable=False, comment="the first day in force"),
    Column("until", Text, nullable=False, comment="the last day of its own period"),
    Column("source", Text, nullable=False, comment="the id of a DocumentReference"),
    Column("whole", Integer, nullable=False, comment="0 for an extract"),
    Column("rows", Integer, nullable=False),
    Column("complete_for", Text, nullable=False, comment="codes an extract holds every row of"),
    Column("dated", Integer, nullable=False, comment="1 where each row has days of its own"),
    Index("table_release_by_name", "release", "name", "setting", "label", unique=True),
)

table_row = Table(
    "table_row",
    metadata,
    Column("table_release", Key, primary_key=True, autoincrement=False),
    Column("code", Text, primary_key=True),
    Column("modifier", Text, primary_key=True, comment="'' for the row of the code alone"),
    Column("body", LargeBinary, nullable=False, comment="the other columns as JSON"),
    sqlite_with_rowid=False,
)

code_pair = Table(
    "code_pair",
    metadata,
    Column("table_release", Key, primary_key=True, autoincrement=False),
    Column("column1", Text, primary_key=True),
    Column("pairs", LargeBinary, nullable=False, comment="terminology.store.pairs"),
    sqlite_with_rowid=False,
)

catalogue = MetaData()
"""The tables that say which releases there are: beside the others in PostgreSQL, else in a file."""

release_key = Sequence("release_key", metadata=catalogue)
"""The keys of releases in PostgreSQL; the embedded repository has one writer, which counts them."""

catalogue_meta = Table(
    "catalogue_meta",
    catalogue,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

release = Table(
    "release",
    catalogue,
    Column("key", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False, unique=True),
    Column("about", LargeBinary, nullable=False, comment="terminology.store.catalogue.Release"),
)

activation = Table(
    "activation",
    catalogue,
    Column("key", Integer, primary_key=True, autoincrement=False),
    Column("at", Text, nullable=False, comment="the moment, in UTC"),
    Column("by", Text, nullable=False, comment="the user and the machine"),
    Column("why", Text, nullable=False, comment="the command"),
)

active = Table(
    "active",
    catalogue,
    Column("activation", Integer, primary_key=True, autoincrement=False),
    Column("release", Integer, primary_key=True, autoincrement=False),
)
