//! The tables of the catalogue. Change them only together with [`NUMBER`].

/// Counts the changes of the schema. A file with another number is built anew.
pub(crate) const NUMBER: i64 = 13;

/// Marks the file as ours (`PRAGMA application_id`): "Stra".
pub(crate) const APPLICATION: i64 = 0x5374_7261;

/// `part.kind` of what a person opens; only these are in lists and found by search.
pub(crate) const KIND_APP: i64 = 0;
/// `part.kind` of what extends an app.
pub(crate) const KIND_ADDON: i64 = 1;
/// `part.kind` of what apps stand on.
pub(crate) const KIND_RUNTIME: i64 = 2;

/// `part.standing` of what the settings hide, or of whose content somebody is spared: it has a page, and nothing else.
pub(crate) const STANDING_HIDDEN: i64 = 0;
/// `part.standing` of what something speaks against, and of what only lists of AppImages have: it is found and listed among
/// its kind.
pub(crate) const STANDING_FOUND: i64 = 1;
/// `part.standing` of what may stand on the front page as well.
pub(crate) const STANDING_FRONT: i64 = 2;

/// `vocabulary.kind` of words.
pub(crate) const VOCABULARY_WORDS: i64 = 0;
/// `vocabulary.kind` of names.
pub(crate) const VOCABULARY_NAMES: i64 = 1;

/// Weights of the columns of `words`, in their order. Their size counts, not only their relation: bm25 flattens what is
/// far above 1, and without the lengths of rows it does so at about 0.3.
const WEIGHTS: [f64; 7] = [2.5, 0.8, 1.5, 1.5, 1.2, 0.5, 0.25];

/// How well a row of `words` fits what it was found by, as an expression; greater is better.
pub(crate) fn relevance() -> String {
    let [name, id, keywords, role, summary, developer, description] = WEIGHTS;
    format!("-bm25(words, {name}, {id}, {keywords}, {role}, {summary}, {developer}, {description})")
}

/// The columns of `words`, in the same order.
pub(crate) const FIELDS: [&str; 7] = ["name", "id", "keywords", "role", "summary", "developer", "description"];

/// The tables without their indexes.
pub(crate) const TABLES: &str = "
-- One row.
CREATE TABLE about (
    generation INTEGER NOT NULL,
    languages TEXT NOT NULL,        -- JSON: the languages that it was built for
    report TEXT NOT NULL            -- JSON: what the build made and left out
);

-- Apps, add-ons and runtimes: what a row shows. Small, so that lists read few pages. Apps have the first numbers, and the
-- more likely one is meant, whatever the words, the smaller its number: whatever is read in the order of numbers comes
-- best first, and can be broken off.
CREATE TABLE part (
    number INTEGER PRIMARY KEY,     -- also the row of `words`
    detail INTEGER NOT NULL,        -- its row of `detail`
    kind INTEGER NOT NULL,          -- 0 app, 1 add-on, 2 runtime
    standing INTEGER NOT NULL,      -- 0 hidden, 1 found and listed among its kind, 2 on the front page too
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    summary TEXT NOT NULL,
    developer TEXT NOT NULL,
    icon_small TEXT,                -- absolute paths
    icon_large TEXT,
    icon_remote TEXT,               -- an address, where there are no such files
    verified INTEGER NOT NULL,      -- its first offer is
    sources TEXT NOT NULL,          -- of its offers, best first, each once, commas between
    carried INTEGER NOT NULL,       -- one of them is a package that the system's image carries
    upkeep INTEGER NOT NULL,        -- 0 to 700: what its developer did for it
    popularity INTEGER,             -- 0 to 1000: how many people use it, if an origin says so
    installs INTEGER,               -- in the last month, if an origin says so
    updated INTEGER NOT NULL,       -- newest release, seconds since 1970, 0 if unknown
    first INTEGER NOT NULL          -- oldest known release, the same
);

-- One row: what search asks about each app that it finds, in the order of numbers, four bytes each: how likely it is
-- meant, whatever the words (0 to 1000), and what filters ask about it. Both 16 bits, little-endian.
CREATE TABLE attributes (body BLOB NOT NULL);

-- What a page shows beside the row: the entry as it was read, as JSON.
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
    list TEXT NOT NULL,             -- the list that tells of it, where its origin does not
    launcher TEXT NOT NULL,         -- the desktop file of a package, empty if unknown
    version TEXT NOT NULL,
    released INTEGER NOT NULL,
    verified INTEGER NOT NULL,
    priority INTEGER NOT NULL,
    runtime TEXT NOT NULL,
    download_size INTEGER NOT NULL, -- bytes, 0 if unknown
    installed_size INTEGER NOT NULL,
    obstacle TEXT,                  -- JSON: what speaks against it, if anything
    evidence TEXT,                  -- JSON: what speaks for it being of this app, where it came to it
    PRIMARY KEY (number, place)
) WITHOUT ROWID;

CREATE TABLE addon (app INTEGER NOT NULL, addon INTEGER NOT NULL, PRIMARY KEY (app, addon)) WITHOUT ROWID;

-- Categories of the menu specification, and the tiles made of them, of apps that are not hidden.
CREATE TABLE category (category TEXT NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (category, number)) WITHOUT ROWID;
CREATE TABLE tile (tile TEXT NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (tile, number)) WITHOUT ROWID;

-- Lists that an origin makes of its apps: `popular`, `trending`, `new`, `picks`.
CREATE TABLE listed (
    list TEXT NOT NULL, place INTEGER NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (list, place)
) WITHOUT ROWID;

-- Names in all languages of the person, folded, from each of their words on.
CREATE TABLE name (
    key TEXT NOT NULL,
    place INTEGER NOT NULL,         -- 0: the whole name; else the number of words left out before
    number INTEGER NOT NULL,
    PRIMARY KEY (key, place, number)
) WITHOUT ROWID;

-- For misspelt queries, as maps of the fst library: every word that is known, with the number of apps that have it; and
-- every key of `name`, with the number of the likeliest of its apps.
CREATE TABLE vocabulary (kind INTEGER PRIMARY KEY, body BLOB NOT NULL);

-- Apps by their words, which are folded as queries are (`words::indexed`). The text itself is not kept, nor the lengths of rows: that an app is described at length makes
-- it no worse, and looking lengths up is most of the time that a query takes.
CREATE VIRTUAL TABLE words USING fts5(
    name, id, keywords, role, summary, developer, description,
    content='', tokenize='unicode61 remove_diacritics 2', prefix='2', columnsize=0
);
";

/// What is shown on the front page, as a condition.
pub(crate) const FRONT: &str = "kind = 0 AND standing = 2";
/// What is listed and found at all, as a condition.
pub(crate) const LISTED: &str = "kind = 0 AND standing > 0";

/// What is quicker to make once everything is there. A query has to state the condition of an index to be served by it.
pub(crate) fn indexes() -> String {
    format!(
        "CREATE INDEX offer_reference ON offer (reference);
         CREATE INDEX part_updated ON part (updated DESC, number) WHERE {FRONT} AND updated > 0;
         CREATE INDEX part_first ON part (first DESC, number) WHERE {FRONT} AND first > 0;
         CREATE INDEX part_developer ON part (developer, name COLLATE NOCASE) WHERE {LISTED};
         CREATE INDEX part_id ON part (id COLLATE NOCASE) WHERE {LISTED};
         CREATE INDEX part_name ON part (name COLLATE NOCASE) WHERE {LISTED};"
    )
}
