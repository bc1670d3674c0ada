//! The tables of the catalogue. Change them only together with [`NUMBER`].

/// Counts the changes of the schema. A file with another number is built anew.
pub(crate) const NUMBER: i64 = 3;

/// Marks the file as ours (`PRAGMA application_id`): "Stra".
pub(crate) const APPLICATION: i64 = 0x5374_7261;

/// `part.kind` of what a person opens; only these are in lists and found by search.
pub(crate) const KIND_APP: i64 = 0;
/// `part.kind` of what extends an app.
pub(crate) const KIND_ADDON: i64 = 1;
/// `part.kind` of what apps stand on.
pub(crate) const KIND_RUNTIME: i64 = 2;

/// `vocabulary.kind` of words.
pub(crate) const VOCABULARY_WORDS: i64 = 0;
/// `vocabulary.kind` of names.
pub(crate) const VOCABULARY_NAMES: i64 = 1;

/// Weights of the columns of `words`, in their order. Their size counts, not only their relation: bm25 flattens what is
/// far above 1, and without the lengths of rows it does so at about 0.3.
pub(crate) const WEIGHTS: [f64; 6] = [2.5, 0.8, 1.5, 1.2, 0.5, 0.25];

/// The tables without their indexes.
pub(crate) const TABLES: &str = "
-- One row.
CREATE TABLE about (
    generation INTEGER NOT NULL,
    languages TEXT NOT NULL,        -- JSON: the languages that it was built for
    report TEXT NOT NULL            -- JSON: what the build made and left out
);

-- Apps, add-ons and runtimes: what a row shows. Small, so that lists read few pages.
CREATE TABLE part (
    number INTEGER PRIMARY KEY,     -- also the row of `words`
    kind INTEGER NOT NULL,          -- 0 app, 1 add-on, 2 runtime
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    summary TEXT NOT NULL,
    developer TEXT NOT NULL,
    icon_small TEXT,                -- absolute paths
    icon_large TEXT,
    verified INTEGER NOT NULL,      -- its first offer is
    sources TEXT NOT NULL,          -- of its offers, best first, each once, commas between
    prior INTEGER NOT NULL,         -- 0 to 1000: how likely it is meant, whatever the words
    updated INTEGER NOT NULL,       -- newest release, seconds since 1970, 0 if unknown
    first INTEGER NOT NULL          -- oldest known release, the same
);

-- What a page shows beside the row, as JSON.
CREATE TABLE detail (number INTEGER PRIMARY KEY, body BLOB NOT NULL);

-- Further ids by which a part is known.
CREATE TABLE alias (id TEXT PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID;

-- Ways to get a part, best first.
CREATE TABLE offer (
    number INTEGER NOT NULL,
    place INTEGER NOT NULL,
    source TEXT NOT NULL,
    scope TEXT NOT NULL,
    origin TEXT NOT NULL,
    reference TEXT NOT NULL,
    version TEXT NOT NULL,
    released INTEGER NOT NULL,
    verified INTEGER NOT NULL,
    priority INTEGER NOT NULL,
    runtime TEXT NOT NULL,
    PRIMARY KEY (number, place)
) WITHOUT ROWID;

CREATE TABLE addon (app INTEGER NOT NULL, addon INTEGER NOT NULL, PRIMARY KEY (app, addon)) WITHOUT ROWID;

-- Categories of the menu specification, and the tiles made of them; best first within each.
CREATE TABLE category (
    category TEXT NOT NULL, prior INTEGER NOT NULL, number INTEGER NOT NULL,
    PRIMARY KEY (category, prior DESC, number)
) WITHOUT ROWID;
CREATE TABLE tile (
    tile TEXT NOT NULL, prior INTEGER NOT NULL, number INTEGER NOT NULL,
    PRIMARY KEY (tile, prior DESC, number)
) WITHOUT ROWID;

-- Names in all languages of the person, folded, from each of their words on.
CREATE TABLE name (
    key TEXT NOT NULL,
    place INTEGER NOT NULL,         -- 0: the whole name; else the number of words left out before
    number INTEGER NOT NULL,
    prior INTEGER NOT NULL,         -- as in `part`
    PRIMARY KEY (key, place, number)
) WITHOUT ROWID;

-- For misspelt queries, as maps of the fst library: every word that is known, with the number of apps that have it; and
-- every key of `name`, with the greatest prior.
CREATE TABLE vocabulary (kind INTEGER PRIMARY KEY, body BLOB NOT NULL);

-- Apps by their words. The text itself is not kept, nor the lengths of rows: that an app is described at length makes
-- it no worse, and looking lengths up is most of the time that a query takes.
CREATE VIRTUAL TABLE words USING fts5(
    name, id, keywords, summary, developer, description,
    content='', tokenize='unicode61 remove_diacritics 2', prefix='2', columnsize=0
);
";

/// What is quicker to make once everything is there.
pub(crate) const INDEXES: &str = "
CREATE INDEX offer_reference ON offer (reference);
CREATE INDEX part_updated ON part (updated DESC, number) WHERE kind = 0 AND updated > 0;
CREATE INDEX part_first ON part (first DESC, number) WHERE kind = 0 AND first > 0;
CREATE INDEX part_developer ON part (developer, name COLLATE NOCASE) WHERE kind = 0;
CREATE INDEX part_name ON part (name COLLATE NOCASE) WHERE kind = 0;
";
