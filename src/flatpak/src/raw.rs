//! What the binding leaves out: installing an app in the place of one that has come to its end, so that the person's
//! data goes along. The only unsafe code of the crate.
#![allow(unsafe_code)]

use libflatpak::glib::translate::{Stash, ToGlibPtr, from_glib_full};
use libflatpak::{Transaction, ffi, glib};
use std::ffi::c_char;
use std::ptr;

/// Installs `new` in the place of `old`, known before as `previous_ids`; `old` goes, if it is installed and `uninstall`
/// says so. To be called while the transaction resolves (`end-of-lifed-with-rebase`) or before it runs.
pub(crate) fn add_rebase(
    transaction: &Transaction,
    remote: &str,
    new: &str,
    old: &str,
    previous_ids: &[String],
    uninstall: bool,
) -> Result<(), glib::Error> {
    let mut error = ptr::null_mut();
    // The strings and the array live until the end of the function; libflatpak copies what it keeps.
    let previous: Stash<'_, *mut *mut c_char, [String]> = previous_ids.to_glib_none();
    // SAFETY: every pointer comes from a living value (see above); `subpaths` may be NULL by the documentation of
    // both functions; `error` is NULL or a full reference when they return.
    unsafe {
        if uninstall {
            ffi::flatpak_transaction_add_rebase_and_uninstall(
                transaction.to_glib_none().0,
                remote.to_glib_none().0,
                new.to_glib_none().0,
                old.to_glib_none().0,
                ptr::null_mut(),
                previous.0.cast(),
                &raw mut error,
            );
        } else {
            ffi::flatpak_transaction_add_rebase(
                transaction.to_glib_none().0,
                remote.to_glib_none().0,
                new.to_glib_none().0,
                ptr::null_mut(),
                previous.0.cast(),
                &raw mut error,
            );
        }
        if error.is_null() { Ok(()) } else { Err(from_glib_full(error)) }
    }
}
