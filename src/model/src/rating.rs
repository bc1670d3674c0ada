//! What an app answers about its content, in plain words: English, which the faces translate.

use crate::app::ContentRating;
use crate::{marked, oars};

/// Something that an app may contain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Topic {
    /// Fighting, blood, cruelty.
    Violence,
    /// Alcohol, tobacco, drugs.
    Drugs,
    /// Nudity and sexual themes.
    Sex,
    /// Swearing and the like.
    Language,
    /// Strangers, and what they get to know.
    Social,
    /// Advertisements, purchases, gambling.
    Money,
}

/// How much of it there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Amount {
    /// Some.
    Mild,
    /// Much.
    Moderate,
    /// Very much.
    Intense,
}

/// One answer that says that there is something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rated {
    /// What it belongs to.
    pub topic: Topic,
    /// What there is, in a few words, to be translated.
    pub words: &'static str,
    /// How much.
    pub amount: Amount,
    /// From which age on, in years.
    pub age: u8,
}

impl Topic {
    /// Every topic, in the order to show them.
    pub const ALL: [Self; 6] = [Self::Violence, Self::Drugs, Self::Sex, Self::Language, Self::Social, Self::Money];

    /// Its name, to be translated.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Violence => marked("Violence"),
            Self::Drugs => marked("Drugs"),
            Self::Sex => marked("Nudity and Sex"),
            Self::Language => marked("Language"),
            Self::Social => marked("Other People"),
            Self::Money => marked("Money"),
        }
    }
}

impl Amount {
    /// Its word, to be translated.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Mild => marked("Mild"),
            Self::Moderate => marked("Moderate"),
            Self::Intense => marked("Strong"),
        }
    }
}

/// What an answer says that there is; `None` for `none`, and for what nobody knows.
pub fn rated(answer: &ContentRating) -> Option<Rated> {
    let amount = match answer.value.as_str() {
        "mild" => Amount::Mild,
        "moderate" => Amount::Moderate,
        "intense" => Amount::Intense,
        _ => return None,
    };
    let (topic, words) = attribute(&answer.attribute)?;
    Some(Rated { topic, words, amount, age: oars::age(answer)? })
}

fn attribute(name: &str) -> Option<(Topic, &'static str)> {
    let (topic, words) = match name {
        "violence-cartoon" => (Topic::Violence, marked("Fights between cartoon figures")),
        "violence-fantasy" => (Topic::Violence, marked("Fights in a world of fantasy")),
        "violence-realistic" => (Topic::Violence, marked("Fights as in real life")),
        "violence-bloodshed" => (Topic::Violence, marked("Blood and wounds")),
        "violence-sexual" => (Topic::Violence, marked("Sexual violence")),
        "violence-desecration" => (Topic::Violence, marked("Disrespect for the dead")),
        "violence-slavery" => (Topic::Violence, marked("Slavery")),
        "violence-worship" => (Topic::Violence, marked("Violence against places of worship")),
        "drugs-alcohol" => (Topic::Drugs, marked("Alcohol")),
        "drugs-narcotics" => (Topic::Drugs, marked("Illegal drugs")),
        "drugs-tobacco" => (Topic::Drugs, marked("Tobacco")),
        "sex-nudity" => (Topic::Sex, marked("Nudity")),
        "sex-themes" => (Topic::Sex, marked("Sexual themes")),
        "sex-homosexuality" => (Topic::Sex, marked("Love between people of the same sex")),
        "sex-prostitution" => (Topic::Sex, marked("Prostitution")),
        "sex-adultery" => (Topic::Sex, marked("Adultery")),
        "sex-appearance" => (Topic::Sex, marked("Figures shown as desirable")),
        "language-profanity" => (Topic::Language, marked("Swearing")),
        "language-humor" => (Topic::Language, marked("Crude jokes")),
        "language-discrimination" => (Topic::Language, marked("Words against groups of people")),
        "money-advertising" => (Topic::Money, marked("Advertisements")),
        "money-gambling" => (Topic::Money, marked("Gambling")),
        "money-purchasing" => (Topic::Money, marked("Purchases with real money")),
        "social-chat" => (Topic::Social, marked("Written words between players or users")),
        "social-audio" => (Topic::Social, marked("Spoken words between players or users")),
        "social-contacts" => (Topic::Social, marked("Passes on e-mail addresses or names of accounts")),
        "social-info" => (Topic::Social, marked("Passes on information about you or your machine")),
        "social-location" => (Topic::Social, marked("Passes on where you are")),
        _ => return None,
    };
    Some((topic, words))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(attribute: &str, value: &str) -> ContentRating {
        ContentRating { attribute: attribute.to_owned(), value: value.to_owned() }
    }

    #[test]
    fn whatever_has_an_age_has_words() {
        for name in oars::attributes() {
            let said = rated(&answer(name, "intense"));
            assert!(said.is_some_and(|said| !said.words.is_empty()), "{name}");
        }
    }

    #[test]
    fn only_what_is_there_is_said() {
        let chat = Rated {
            topic: Topic::Social,
            words: "Written words between players or users",
            amount: Amount::Mild,
            age: 4,
        };
        assert_eq!(rated(&answer("social-chat", "mild")), Some(chat));
        for (attribute, value) in [("social-chat", "none"), ("social-chat", "sometimes"), ("unheard-of", "mild")] {
            assert_eq!(rated(&answer(attribute, value)), None, "{attribute} {value}");
        }
    }
}
