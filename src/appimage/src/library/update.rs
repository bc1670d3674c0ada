//! An app gets another version, or goes back to the one before.

use super::candidate::{Candidate, Source};
use super::change::Change;
use super::install::{New, way};
use super::integration::{Integration, Note};
use super::moving::Along;
use super::provenance::Question;
use super::record::{Record, Version};
use super::{Changed, Library, LibraryError, exists};
use crate::download::part::PART;
use crate::signature::Signature;
use std::path::{Path, PathBuf};

impl Library {
    /// Puts another version into an app's place, while the old one may run. The old one is kept until
    /// [`Library::keep_new`]; of several that were not started the one that last was.
    ///
    /// A file with the digest of the one that is there is no update: what was fetched goes, and what the release calls it is
    /// remembered, so that it is not taken for another one again.
    ///
    /// # Errors
    /// See [`LibraryError`]. [`LibraryError::Ask`] until the person says yes to what the signature tells.
    pub fn update(&self, id: &str, new: &New) -> Result<Changed, LibraryError> {
        let _changing = self.lock();
        self.settle_change(id)?;
        let before = self.get(id)?;
        new.candidate.check()?;
        if new.candidate.inspection.sha256 == before.version.sha256 && exists(&before.path) {
            if is_part(&new.candidate.path) {
                self.disk.remove(&new.candidate.path)?;
            }
            let mut after = before.clone();
            let facts = [(&mut after.version.name, &new.facts.version), (&mut after.version.mark, &new.facts.mark)];
            for (known, said) in facts.into_iter().filter(|(_, said)| !said.is_empty()) {
                known.clone_from(said);
            }
            let changed = self.change(before, after, Integration::default(), (None, None), Along::default())?;
            return Ok(Changed { unchanged: true, ..changed });
        }
        let mut after = next(&before, new)?;
        let made = self.integration(&mut after, &new.candidate)?;
        let way = way(&new.candidate, &after);
        self.change(before, after, made, way, Along::default())
    }

    /// What [`Library::update`] would make of an app. Changes nothing, and asks nothing that a person can answer.
    ///
    /// # Errors
    /// As with [`Library::update`], as far as it can be known before.
    pub fn preview_update(&self, id: &str, new: &New) -> Result<Changed, LibraryError> {
        let _changing = self.lock();
        let before = self.get(id)?;
        new.candidate.check()?;
        let mut after = match next(&before, new) {
            Err(LibraryError::Ask(question @ Question::Person(_))) => {
                next(&before, &New { accepted: Some(question), ..new.clone() })?
            }
            next => next?,
        };
        let made = self.integration(&mut after, &new.candidate)?;
        Ok(Changed { record: after, notes: made.notes, unchanged: false })
    }

    /// Puts the version before into its place again. The newer one is gone then.
    ///
    /// # Errors
    /// [`LibraryError::NoPrevious`], and others of [`LibraryError`].
    pub fn go_back(&self, id: &str) -> Result<Changed, LibraryError> {
        let _changing = self.lock();
        self.settle_change(id)?;
        let before = self.get(id)?;
        let path = before.previous_path();
        let version = before.previous.clone().filter(|_| exists(&path)).ok_or(LibraryError::NoPrevious)?;
        let candidate = Candidate::read(&path)?;
        if candidate.inspection.sha256 != version.sha256 {
            return Err(LibraryError::Changed);
        }
        let mut after = Record {
            fingerprint: version.fingerprint.clone().or_else(|| before.fingerprint.clone()),
            version: Version { modified: candidate.modified(), ..version },
            previous: None,
            left: Some(before.version.clone()),
            updates: candidate.updates().or_else(|| before.updates.clone()),
            ..before.clone()
        };
        let made = self.integration(&mut after, &candidate)?;
        self.change(before, after, made, (Some(path), None), Along::default())
    }

    /// The new version was started and is good: the one before is not needed any more.
    ///
    /// # Errors
    /// See [`LibraryError`].
    pub fn keep_new(&self, id: &str) -> Result<Record, LibraryError> {
        let _changing = self.lock();
        self.settle_change(id)?;
        let before = self.get(id)?;
        if before.previous.is_none() {
            return Ok(before);
        }
        let after = Record { previous: None, ..before.clone() };
        Ok(self.change(before, after, Integration::default(), (None, None), Along::default())?.record)
    }

    /// Reads an app's file again that somebody else changed: what is known of it, and what is made for it, follow.
    ///
    /// # Errors
    /// See [`LibraryError`]. Nothing is asked: the file is in its place already. A bad signature or another key stands in
    /// what is known of it.
    pub fn reread(&self, id: &str) -> Result<Changed, LibraryError> {
        let _changing = self.lock();
        self.settle_change(id)?;
        let before = self.get(id)?;
        let candidate = Candidate::read(&before.path)?;
        let inspection = &candidate.inspection;
        let (provenance, _) = super::provenance::judge(Some(&before), &inspection.signature, false);
        let fingerprint = match &inspection.signature {
            Signature::Signed { fingerprint } => Some(fingerprint.clone()),
            _ => None,
        };
        let same = inspection.sha256 == before.version.sha256;
        let version = Version {
            name: if same { before.version.name.clone() } else { String::new() },
            mark: if same { before.version.mark.clone() } else { String::new() },
            sha256: inspection.sha256.clone(),
            size: inspection.size,
            modified: candidate.modified(),
            provenance: if same { before.version.provenance } else { provenance },
            fingerprint,
        };
        // The key that is known stays the one that was: nobody said yes to another.
        let mut after = Record { version, updates: candidate.updates(), ..before.clone() };
        let made = self.integration(&mut after, &candidate)?;
        let changed = self.change(before, after, made, (None, None), Along::default())?;
        Ok(Changed { unchanged: same, ..changed })
    }

    pub(super) fn change(
        &self,
        before: Record,
        mut after: Record,
        made: Integration,
        (program, source): (Option<PathBuf>, Option<Source>),
        along: Along,
    ) -> Result<Changed, LibraryError> {
        let unchanged = before == after && program.is_none();
        if !unchanged || !made.files.is_empty() {
            after.files.sort();
            let change = Change {
                id: before.id.clone(),
                decided: false,
                before: Some(before),
                after: Some(after.clone()),
                program,
                source,
                data: false,
                along,
                mode: None,
            };
            change.run(&self.disk, &self.places, &made.files)?;
        }
        let notes: Vec<Note> = made.notes;
        Ok(Changed { record: after, notes, unchanged })
    }
}

/// What is known of an app once it has another version, but for what is made for it.
fn next(before: &Record, new: &New) -> Result<Record, LibraryError> {
    let version = new.version(Some(before))?;
    let kept = before.previous.clone().or_else(|| exists(&before.path).then(|| before.version.clone()));
    let facts = &new.facts;
    Ok(Record {
        fingerprint: version.fingerprint.clone().or_else(|| before.fingerprint.clone()),
        version,
        previous: kept,
        left: None,
        origin: if facts.origin.is_empty() { before.origin.clone() } else { facts.origin.clone() },
        project: facts.project.clone().or_else(|| before.project.clone()),
        updates: new.candidate.updates().or_else(|| before.updates.clone()),
        ..before.clone()
    })
}

/// Whether a file is what a download left, and so nobody's own.
fn is_part(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    name.starts_with(PART.0) && name.ends_with(PART.1)
}
