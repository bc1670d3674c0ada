//! Sentences for people: written in English beside what they are about, translated and filled in where they are shown.

/// Marks a sentence for translation without translating it: the catalogue of messages finds it here, a face
/// translates it where it is shown.
pub const fn marked(sentence: &'static str) -> &'static str {
    sentence
}

/// Puts values in the places of `{names}` in one pass, so that what a value says is never taken for a place. A place
/// that has no value stays as it is.
pub fn fill(sentence: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(sentence.len());
    let mut rest = sentence;
    while let Some(open) = rest.find('{') {
        let (before, place) = rest.split_at(open);
        filled.push_str(before);
        let name = place[1..].split('}').next().unwrap_or_default();
        if let Some((_, value)) = values.iter().find(|(key, _)| *key == name) {
            filled.push_str(value);
            rest = place.get(name.len() + 2..).unwrap_or_default();
        } else {
            filled.push('{');
            rest = &place[1..];
        }
    }
    filled + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_filled_in_but_never_searched() {
        let values = [("name", "{size}"), ("size", "3 MB")];
        assert_eq!(fill("{name} needs {size}, {other} {", &values), "{size} needs 3 MB, {other} {");
        assert_eq!(fill("“{subject}” of {origin}", &[("subject", "{origin}"), ("origin", "x")]), "“{origin}” of x");
        assert_eq!(fill("never closed: {name", &values), "never closed: 3 MB".replace("3 MB", "{size}"));
        assert_eq!(fill("nothing {}", &[]), "nothing {}");
    }
}
