//! A throw-away OpenPGP key, so that signed repositories can be tested.

use crate::DemoError;
use crate::command::{feed, run};
use std::ffi::OsString;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::{fs, io};
use tempfile::TempDir;

/// Weak, because a static is never dropped and the folder would stay behind.
static SHARED: Mutex<Weak<Inner>> = Mutex::new(Weak::new());

/// A key pair in a private folder, which goes with the last copy of it. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Key {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    home: PathBuf,
    id: String,
    /// Where the key made its folder itself.
    _temporary: Option<TempDir>,
}

impl Key {
    /// The key that this process shares for as long as anyone holds it; making one takes a fraction of a second.
    pub fn shared() -> Result<Self, DemoError> {
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(inner) = shared.upgrade() {
            return Ok(Self { inner });
        }
        let key = Self::create()?;
        *shared = Arc::downgrade(&key.inner);
        Ok(key)
    }

    /// Makes a key, for a second signer beside [`Key::shared`].
    pub fn create() -> Result<Self, DemoError> {
        // gpg's agent listens in the folder: a socket's path has at most 107 bytes, so a short one.
        let home = tempfile::Builder::new().prefix("gpg").tempdir().map_err(DemoError::file(std::env::temp_dir()))?;
        Self::make(home.path().to_owned(), Some(home), &[])
    }

    /// Makes a key in a folder that someone else removes. `variables` are given to gpg, and so to the agent that it
    /// leaves running.
    pub(crate) fn create_in(home: PathBuf, variables: &[(String, OsString)]) -> Result<Self, DemoError> {
        Self::make(home, None, variables)
    }

    fn make(home: PathBuf, temporary: Option<TempDir>, variables: &[(String, OsString)]) -> Result<Self, DemoError> {
        fs::set_permissions(&home, fs::Permissions::from_mode(0o700)).map_err(DemoError::file(&home))?;
        let name = "Strata demo <demo@example.org>";
        let mut make = gpg(&home);
        make.envs(variables.iter().map(|(name, value)| (name, value)));
        run(make.args(["--passphrase", "", "--quick-gen-key", name, "ed25519", "sign", "never"]))?;
        let listed = run(gpg(&home).args(["--with-colons", "--list-keys"]))?;
        let id = listed.lines().find_map(|line| line.strip_prefix("fpr:")?.split(':').nth(8).map(str::to_owned));
        let id =
            id.ok_or_else(|| DemoError::Program { program: "gpg".to_owned(), detail: "made no key".to_owned() })?;
        Ok(Self { inner: Arc::new(Inner { home, id, _temporary: temporary }) })
    }

    /// Fingerprint.
    pub fn id(&self) -> &str {
        &self.inner.id
    }

    /// gpg's folder with the key.
    pub fn home(&self) -> &Path {
        &self.inner.home
    }

    /// A detached signature of some bytes.
    pub(crate) fn signature(&self, bytes: &[u8]) -> Result<Vec<u8>, DemoError> {
        feed(gpg(self.home()).args(["--local-user", self.id(), "--detach-sign"]), bytes)
    }

    /// A detached signature of some bytes, as text.
    pub fn signature_text(&self, bytes: &[u8]) -> Result<Vec<u8>, DemoError> {
        feed(gpg(self.home()).args(["--local-user", self.id(), "--armor", "--detach-sign"]), bytes)
    }

    /// The public key, as text.
    pub fn public_text(&self) -> Result<String, DemoError> {
        run(gpg(self.home()).args(["--armor", "--export", self.id()]))
    }

    /// The public key, as `flatpak remote-add --gpg-import` takes it.
    pub fn public(&self) -> Result<Vec<u8>, DemoError> {
        let output = gpg(self.home()).args(["--export", self.id()]).output();
        let failed = |error: io::Error| DemoError::Program { program: "gpg".to_owned(), detail: error.to_string() };
        Ok(output.map_err(failed)?.stdout)
    }

    /// The public key in base64, as `.flatpakrepo` and `.flatpakref` files have it.
    pub fn public_base64(&self) -> Result<String, DemoError> {
        Ok(armoured_body(&self.public_text()?))
    }
}

impl Drop for Inner {
    /// gpg leaves an agent behind, which would look at its missing folder for a minute more.
    fn drop(&mut self) {
        let mut command = Command::new("gpgconf");
        let _ = command.arg("--homedir").arg(&self.home).args(["--kill", "gpg-agent"]).status();
    }
}

/// The lines of base64 between the head and the checksum.
fn armoured_body(armoured: &str) -> String {
    let lines = armoured.lines().skip_while(|line| !line.is_empty()).skip(1);
    lines.take_while(|line| !line.starts_with(['=', '-'])).collect()
}

fn gpg(home: &Path) -> Command {
    let mut command = Command::new("gpg");
    command.arg("--homedir").arg(home).args(["--batch", "--quiet", "--no-tty", "--pinentry-mode=loopback"]);
    command
}
