//! Which references are kept at their version: `flatpak mask`.

/// The patterns of an installation, as they stand in its configuration: `;` between them.
#[derive(Debug, Default)]
pub(crate) struct Held {
    patterns: Vec<String>,
}

impl Held {
    pub(crate) fn parse(value: &str) -> Self {
        Self { patterns: value.split(';').filter(|pattern| !pattern.is_empty()).map(str::to_owned).collect() }
    }

    /// Some pattern covers the full reference.
    pub(crate) fn covers(&self, reference: &str) -> bool {
        self.patterns.iter().any(|pattern| matches(pattern, reference))
    }
}

/// `[app/|runtime/]ID[/ARCH[/BRANCH]]`; parts that are missing or empty match anything, `*` matches within a part.
fn matches(pattern: &str, reference: &str) -> bool {
    let kind_given = pattern.starts_with("app/") || pattern.starts_with("runtime/");
    let mut parts = reference.split('/').skip(usize::from(!kind_given));
    let mut wanted = pattern.split('/');
    let fits = wanted.by_ref().take(4).all(|wish| parts.next().is_some_and(|part| wish.is_empty() || glob(wish, part)));
    fits && wanted.next().is_none()
}

fn glob(wish: &str, text: &str) -> bool {
    let Some((before, after)) = wish.split_once('*') else { return wish == text };
    let Some(rest) = text.strip_prefix(before) else { return false };
    (0..=rest.len()).any(|at| rest.get(at..).is_some_and(|rest| glob(after, rest)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_cover_what_flatpak_masks() {
        let reference = "app/org.gnome.Chess/x86_64/stable";
        for pattern in
            ["org.gnome.Chess", "app/org.gnome.Chess", "org.gnome.*", "*Chess//stable", "*/*/sta*", reference]
        {
            assert!(Held::parse(pattern).covers(reference), "{pattern}");
        }
        for pattern in
            ["", "org.gnome", "runtime/org.gnome.Chess", "org.gnome.Chess//beta", "org.gnome.Chess/x86_64/stable/x"]
        {
            assert!(!Held::parse(pattern).covers(reference), "{pattern}");
        }
        assert!(Held::parse("org.a.B;org.gnome.Chess").covers(reference));
    }
}
