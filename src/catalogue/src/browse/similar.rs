//! Apps that are like another one: they share telling words of names, keywords and summaries, and rare categories.

use crate::search::Searched;
use crate::search::spelling;
use crate::search::word::is_empty_word;
use crate::store::find;
use crate::store::row;
use crate::store::schema::relevance;
use crate::words::folded;
use rusqlite::{Connection, params};
use std::collections::{BTreeSet, HashMap};
use strata_model::AppId;

/// How many words are compared: the rarest ones say most.
const MOST_WORDS: usize = 8;
/// A word that more apps share says nothing of any two of them, in parts of all apps.
const TOO_COMMON: u64 = 8;
/// Most apps that are compared by words.
const MOST_COMPARED: usize = 300;
/// How many categories are compared.
const MOST_CATEGORIES: usize = 12;
/// A category that more apps share says too little.
const MOST_IN_CATEGORY: i64 = 200;
/// What a shared category is worth beside words.
const CATEGORY: f64 = 1.5;
/// Most apps that are like another one.
const MOST_SIMILAR: usize = 60;

/// The numbers of the apps that are like one, the most alike first.
pub(super) fn numbers(searched: Searched<'_>, id: &AppId) -> rusqlite::Result<Vec<i64>> {
    let Searched { connection, attributes: all, .. } = searched;
    let Some(own) = find::number(connection, id.as_str())? else { return Ok(Vec::new()) };
    let sql = "SELECT name, summary, body FROM part JOIN detail ON detail.number = part.detail WHERE part.number = ?";
    let mut statement = connection.prepare_cached(sql)?;
    let (name, summary, body): (String, String, Vec<u8>) =
        statement.query_row([own], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let nonsense = || {
        let kind = rusqlite::types::Type::Blob;
        rusqlite::Error::FromSqlConversionFailure(2, kind, "makes no sense".into())
    };
    let entry = row::entry(&body).ok_or_else(nonsense)?;
    let mut alike: HashMap<i64, f64> = HashMap::new();
    let texts = [name.as_str(), summary.as_str()]
        .into_iter()
        .chain(entry.keywords.best().into_iter().flatten().map(String::as_str));
    let words = telling(searched, texts)?;
    if !words.is_empty() {
        add_words(connection, &words, &mut alike)?;
    }
    for category in entry.categories.iter().take(MOST_CATEGORIES) {
        add_category(connection, category, &mut alike)?;
    }
    alike.remove(&own);
    let score = |number: i64, likeness: f64| likeness * (1.0 + f64::from(all.of(number).prior) / 2_000.0);
    let mut ordered: Vec<(f64, i64)> =
        alike.into_iter().map(|(number, worth)| (score(number, worth), number)).collect();
    ordered.sort_by(|(a, one), (b, other)| b.total_cmp(a).then(one.cmp(other)));
    Ok(ordered.into_iter().take(MOST_SIMILAR).map(|(_, number)| number).collect())
}

/// The rarest words of some texts that other apps have as well.
fn telling<'a>(searched: Searched<'_>, texts: impl Iterator<Item = &'a str>) -> rusqlite::Result<Vec<String>> {
    let words: BTreeSet<String> = texts
        .flat_map(|text| folded(text).split(' ').map(str::to_owned).collect::<Vec<_>>())
        .filter(|word| word.chars().count() > 2 && !is_empty_word(word))
        .collect();
    let Searched { connection, vocabularies, .. } = searched;
    let apps: i64 = connection.query_row("SELECT count(*) FROM part WHERE kind = 0", [], |row| row.get(0))?;
    let most = (apps.unsigned_abs() / TOO_COMMON).max(3);
    let mut counted: Vec<(u64, String)> = spelling::counted(vocabularies.words(connection)?, words);
    counted.retain(|(count, _)| (2..=most).contains(count));
    counted.sort();
    Ok(counted.into_iter().take(MOST_WORDS).map(|(_, word)| word).collect())
}

fn add_words(connection: &Connection, words: &[String], alike: &mut HashMap<i64, f64>) -> rusqlite::Result<()> {
    let sql = format!("SELECT rowid, {} FROM words WHERE words MATCH ? ORDER BY rowid", relevance());
    let quoted: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query([format!("{{name keywords summary}} : ({})", quoted.join(" OR "))])?;
    for _ in 0..MOST_COMPARED {
        let Some(row) = rows.next()? else { break };
        *alike.entry(row.get(0)?).or_default() += row.get::<_, f64>(1)?;
    }
    Ok(())
}

fn add_category(connection: &Connection, category: &str, alike: &mut HashMap<i64, f64>) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached("SELECT number FROM category WHERE category = ? LIMIT ?")?;
    let numbers = statement.query_map(params![category, MOST_IN_CATEGORY + 1], |row| row.get::<_, i64>(0))?;
    let numbers: Vec<i64> = numbers.collect::<rusqlite::Result<_>>()?;
    if i64::try_from(numbers.len()).is_ok_and(|count| count <= MOST_IN_CATEGORY) {
        for number in numbers {
            *alike.entry(number).or_default() += CATEGORY;
        }
    }
    Ok(())
}
