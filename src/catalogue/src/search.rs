//! Search as you type.

use strata_model::AppSummary;

/// What a person types.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// Words, the last one maybe not whole yet.
    pub text: String,
    /// At most so many apps.
    pub limit: usize,
}

impl Query {
    /// A query for a screenful of apps.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), limit: 60 }
    }
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Best first.
    pub apps: Vec<AppSummary>,
    /// How many there are without the query's limit.
    pub total: usize,
    /// The words that were searched for instead, if nothing was found for the ones given.
    pub corrected: Option<String>,
}
