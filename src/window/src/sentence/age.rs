//! From what an app says about its content to the age it is for, after the table of the Open Age Ratings Service.
//! <https://hughsie.github.io/oars/>

use strata_model::app::ContentRating;

/// An attribute, and the ages of its values `mild`, `moderate` and `intense`.
type Row = (&'static str, [u8; 3]);

const TABLE: &[Row] = &[
    ("violence-cartoon", [3, 4, 6]),
    ("violence-fantasy", [3, 7, 8]),
    ("violence-realistic", [4, 9, 14]),
    ("violence-bloodshed", [9, 11, 18]),
    ("violence-sexual", [18, 18, 18]),
    ("violence-desecration", [15, 18, 18]),
    ("violence-slavery", [15, 18, 18]),
    ("violence-worship", [15, 18, 18]),
    ("drugs-alcohol", [11, 13, 16]),
    ("drugs-narcotics", [12, 14, 17]),
    ("drugs-tobacco", [10, 13, 13]),
    ("sex-nudity", [12, 14, 14]),
    ("sex-themes", [13, 14, 15]),
    ("sex-homosexuality", [0, 0, 0]),
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

/// The age from which the app is suited; `None` if it does not say.
pub(crate) fn minimum(ratings: &[ContentRating]) -> Option<u8> {
    let age = |rating: &ContentRating| {
        let (_, ages) = TABLE.iter().find(|(attribute, _)| *attribute == rating.attribute)?;
        let value = ["mild", "moderate", "intense"].iter().position(|value| *value == rating.value)?;
        ages.get(value).copied()
    };
    (!ratings.is_empty()).then(|| ratings.iter().filter_map(age).max().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_strictest_answer_counts() {
        let rating = |attribute: &str, value: &str| ContentRating { attribute: attribute.into(), value: value.into() };
        assert_eq!(minimum(&[]), None);
        assert_eq!(minimum(&[rating("social-chat", "none")]), Some(0));
        let both = [rating("violence-cartoon", "mild"), rating("drugs-tobacco", "mild"), rating("unheard-of", "mild")];
        assert_eq!(minimum(&both), Some(10));
    }
}
