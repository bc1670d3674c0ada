//! From what an app answers about its content to the age it is for, after the Open Age Ratings Service, versions 1.0
//! and 1.1. <https://hughsie.github.io/oars/>

use crate::app::ContentRating;

/// Years of age for the answers `mild`, `moderate` and `intense`; `none` is for everybody.
type Ages = [u8; 3];

/// Every attribute of both versions. The ages are those that libappstream 1.0 answers with, so that all stores of one
/// desktop say the same.
const ATTRIBUTES: [(&str, Ages); 28] = [
    ("violence-cartoon", [3, 4, 6]),
    ("violence-fantasy", [3, 7, 8]),
    ("violence-realistic", [4, 9, 14]),
    ("violence-bloodshed", [9, 11, 18]),
    ("violence-sexual", [18, 18, 18]),
    ("violence-desecration", [13, 15, 18]),
    ("violence-slavery", [13, 15, 18]),
    ("violence-worship", [13, 15, 18]),
    ("drugs-alcohol", [11, 13, 16]),
    ("drugs-narcotics", [12, 14, 17]),
    ("drugs-tobacco", [10, 13, 13]),
    ("sex-nudity", [12, 14, 14]),
    ("sex-themes", [13, 14, 15]),
    ("sex-homosexuality", [13, 14, 15]),
    ("sex-prostitution", [12, 14, 18]),
    ("sex-adultery", [8, 10, 18]),
    ("sex-appearance", [10, 10, 15]),
    ("language-profanity", [8, 11, 14]),
    ("language-humor", [3, 8, 14]),
    ("language-discrimination", [9, 10, 11]),
    ("money-advertising", [7, 8, 10]),
    ("money-gambling", [7, 10, 18]),
    ("money-purchasing", [12, 14, 15]),
    ("social-chat", [4, 10, 13]),
    ("social-audio", [15, 15, 15]),
    ("social-contacts", [12, 12, 12]),
    ("social-info", [0, 13, 13]),
    ("social-location", [13, 13, 13]),
];

/// The names of all attributes.
pub fn attributes() -> impl Iterator<Item = &'static str> {
    ATTRIBUTES.iter().map(|(name, _)| *name)
}

/// The age in years from which an app is suited, by all that it answers; `None` if it did not answer. Answers that OARS
/// does not know say nothing.
pub fn minimum_age(answers: &[ContentRating]) -> Option<u8> {
    (!answers.is_empty()).then(|| answers.iter().filter_map(age).max().unwrap_or(0))
}

/// The age in years that one answer asks for; `None` for `none`, and for what OARS does not know.
pub fn age(answer: &ContentRating) -> Option<u8> {
    let (_, ages) = ATTRIBUTES.iter().find(|(attribute, _)| *attribute == answer.attribute)?;
    match answer.value.as_str() {
        "mild" => Some(ages[0]),
        "moderate" => Some(ages[1]),
        "intense" => Some(ages[2]),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(attribute: &str, value: &str) -> ContentRating {
        ContentRating { attribute: attribute.to_owned(), value: value.to_owned() }
    }

    /// What `as_content_rating_attribute_to_csm_age` of libappstream 1.0.5 gave for every attribute it names, for
    /// `none`, `mild`, `moderate` and `intense`.
    const LIBAPPSTREAM: &str = "
        violence-cartoon 0 3 4 6
        violence-fantasy 0 3 7 8
        violence-realistic 0 4 9 14
        violence-bloodshed 0 9 11 18
        violence-sexual 0 18 18 18
        drugs-alcohol 0 11 13 16
        drugs-narcotics 0 12 14 17
        drugs-tobacco 0 10 13 13
        sex-nudity 0 12 14 14
        sex-themes 0 13 14 15
        language-profanity 0 8 11 14
        language-humor 0 3 8 14
        language-discrimination 0 9 10 11
        money-advertising 0 7 8 10
        money-gambling 0 7 10 18
        money-purchasing 0 12 14 15
        social-chat 0 4 10 13
        social-audio 0 15 15 15
        social-contacts 0 12 12 12
        social-info 0 0 13 13
        social-location 0 13 13 13
        sex-homosexuality 0 13 14 15
        sex-prostitution 0 12 14 18
        sex-adultery 0 8 10 18
        sex-appearance 0 10 10 15
        violence-worship 0 13 15 18
        violence-desecration 0 13 15 18
        violence-slavery 0 13 15 18";

    #[test]
    fn ages_are_those_of_libappstream() {
        let rows: Vec<Vec<&str>> = LIBAPPSTREAM.trim().lines().map(|line| line.split_whitespace().collect()).collect();
        assert_eq!(rows.len(), ATTRIBUTES.len());
        for row in rows {
            for (value, expected) in ["none", "mild", "moderate", "intense"].into_iter().zip(&row[1..]) {
                let found = minimum_age(&[answer(row[0], value)]);
                assert_eq!(found, Some(expected.parse().unwrap()), "{} {value}", row[0]);
            }
        }
    }

    #[test]
    fn the_strictest_answer_counts() {
        type Case = (&'static [(&'static str, &'static str)], Option<u8>, &'static str);
        let cases: [Case; 5] = [
            (&[], None, "no answer is not the same as nothing bad"),
            (&[("social-chat", "none")], Some(0), "it answered"),
            (&[("violence-cartoon", "mild"), ("drugs-tobacco", "mild")], Some(10), "the greater one"),
            (&[("unheard-of", "intense"), ("language-humor", "mild")], Some(3), "what nobody knows says nothing"),
            (&[("money-gambling", "sometimes")], Some(0), "nor does such a value"),
        ];
        for (answers, expected, reason) in cases {
            let answers: Vec<_> = answers.iter().map(|(attribute, value)| answer(attribute, value)).collect();
            assert_eq!(minimum_age(&answers), expected, "{reason}");
        }
    }
}
