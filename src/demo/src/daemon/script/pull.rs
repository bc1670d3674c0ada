//! Getting the base: from a branch on disk or over HTTP, or from a container image.

use super::super::data::Data;
use super::super::description::{Base, Image, ImageLayer, System};
use super::super::request::Target;
use super::super::size::{decimal, transferred};
use super::super::state::{Deployment, Origin, State};
use super::Writer;
use std::sync::Arc;

/// Bytes a second over HTTP.
const SPEED: u64 = 14_000_000;

/// Gets what the target is and makes it the new deployment's base.
pub(super) fn pull(write: &mut Writer, target: &Target, new: &mut Deployment) -> Result<(), String> {
    match (target, &new.origin) {
        (Target::Keep, _) => Ok(()),
        (Target::Newest, Origin::Branch(refspec)) => {
            let refspec = refspec.clone();
            let newest = write.system.newest.clone();
            branch(write, &refspec, &newest, new)
        }
        (Target::Newest, Origin::Image(reference, _)) => image(write, &reference.clone(), new),
        (Target::Revision(revision), _) => deploy(write, revision, new),
        (Target::Origin(reference), _) if reference.starts_with("ostree-") => image(write, reference, new),
        (Target::Origin(refspec), _) => {
            let refspec = whole(&write.system, refspec);
            let newest = write.system.newest.clone();
            branch(write, &refspec, &newest, new)
        }
    }
}

/// With the remote's name, if it has none.
fn whole(system: &System, refspec: &str) -> String {
    let remote = system.refspec.split_once(':').map_or("", |(remote, _)| remote);
    if refspec.contains(':') { refspec.to_owned() } else { format!("{remote}:{refspec}") }
}

fn name(refspec: &str) -> &str {
    refspec.split_once(':').map_or(refspec, |(_, name)| name)
}

/// Finds a version of the branch.
fn find(system: &System, refspec: &str, version: &str) -> Result<Base, String> {
    let name = name(refspec);
    if system.unreachable {
        return Err(format!(
            "While pulling {name}: While fetching {}/summary.sig: [7] Could not connect to server",
            system.url
        ));
    }
    let missing = format!("While pulling {name}: No such branch '{name}' in repository summary");
    let base = system.version(version).filter(|_| refspec == system.refspec);
    base.cloned().ok_or(missing)
}

/// Only the commit of a version, not what is in it.
pub(super) fn metadata(write: &mut Writer, refspec: &str, version: &str) -> Result<(), String> {
    let base = find(&write.system, refspec, version)?;
    commit(write, refspec, &base);
    write.progress_end();
    Ok(())
}

fn commit(write: &mut Writer, refspec: &str, base: &Base) {
    let fresh = !is_known(&write.state, &base.checksum);
    write.work(20);
    write.point(format!("While pulling {}", name(refspec)));
    let (counts, bytes) = if fresh { (1, base.transfer.0) } else { (0, base.transfer.1) };
    write.message(if write.system.url.is_empty() { imported(counts, 0, 0) } else { fetched(1, 0, bytes, 0, 0) });
    let (refspec, checksum) = (refspec.to_owned(), base.checksum.clone());
    write.note(move |state| {
        state.pulled.insert(refspec.clone(), checksum.clone());
    });
}

/// Its commit is here, with or without what is in it.
fn is_known(state: &State, checksum: &str) -> bool {
    state.commits.contains(checksum) || state.pulled.values().any(|known| known == checksum)
}

fn imported(metadata: u64, content: u64, bytes: u64) -> String {
    let bytes = decimal(bytes);
    format!("{metadata} metadata, {content} content objects imported; {bytes} content written")
}

fn fetched(metadata: u64, content: u64, bytes: u64, seconds: u64, written: u64) -> String {
    let (bytes, written) = (transferred(bytes), decimal(written));
    format!(
        "{metadata} metadata, {content} content objects fetched; {bytes} transferred in {seconds} seconds; \
         {written} content written"
    )
}

fn branch(write: &mut Writer, refspec: &str, version: &str, new: &mut Deployment) -> Result<(), String> {
    let base = find(&write.system, refspec, version)?;
    if write.state.commits.contains(&base.checksum) {
        commit(write, refspec, &base);
    } else if write.system.url.is_empty() {
        let fresh = u64::from(!is_known(&write.state, &base.checksum));
        write.work(50);
        write.point(format!("While pulling {}", name(refspec)));
        write.message(imported(base.pull.0 + fresh, base.pull.1, base.pull.2));
    } else {
        download(write, name(refspec), &base);
    }
    write.progress_end();
    new.origin = Origin::Branch(refspec.to_owned());
    new.base.clone_from(&base.checksum);
    let refspec = refspec.to_owned();
    write.note(move |state| {
        state.pulled.insert(refspec.clone(), base.checksum.clone());
        state.commits.insert(base.checksum.clone());
    });
    Ok(())
}

/// A signal each second, until all is there.
fn download(write: &mut Writer, name: &str, base: &Base) {
    let seconds = base.transfer.2 / SPEED;
    for second in 0..seconds {
        write.work(1000);
        write.point(format!("While pulling {name}"));
        let bytes = base.transfer.2 * (second + 1) / (seconds + 1);
        let part = u32::try_from(base.pull.1 * (second + 1) / (seconds + 1)).unwrap_or(u32::MAX);
        let all = u32::try_from(base.pull.0 + base.pull.1 + 1).unwrap_or(u32::MAX);
        let speed = bytes.checked_div(second).unwrap_or_default();
        write.say("DownloadProgress", progress(second, bytes, speed, (part, all)));
    }
    write.work(800);
    write.point(format!("While pulling {name}"));
    write.message(fetched(base.pull.0, base.pull.1, base.transfer.2, seconds, base.pull.2));
}

/// `(tt)(uu)(uuu)(uuut)(uu)(tt)`: beginning and seconds; outstanding fetches and writes; metadata scanned, fetched,
/// outstanding; deltas; fetched of requested objects; bytes and bytes a second.
fn progress(second: u64, bytes: u64, speed: u64, (part, all): (u32, u32)) -> Vec<Data> {
    let long = |values: &[u64]| Data::Struct(values.iter().copied().map(Data::U64).collect());
    let short = |values: &[u32]| Data::Struct(values.iter().copied().map(Data::U32).collect());
    let mut deltas = vec![Data::U32(0); 3];
    deltas.push(Data::U64(0));
    let begun = jiff::Timestamp::now().as_microsecond().unsigned_abs() - second * 1_000_000;
    let parts = [long(&[begun, second]), short(&[8.min(all - part), 0]), short(&[401, 1, 0])];
    let rest = [Data::Struct(deltas), short(&[part, all]), long(&[bytes, speed])];
    parts.into_iter().chain(rest).collect()
}

/// A version or a commit of the origin.
fn deploy(write: &mut Writer, revision: &str, new: &mut Deployment) -> Result<(), String> {
    let Origin::Branch(refspec) = new.origin.clone() else {
        return Err("Cannot look up version while tracking a container image reference".to_owned());
    };
    let is_checksum = revision.len() == 64 && revision.bytes().all(|byte| byte.is_ascii_hexdigit());
    let version = revision.strip_prefix("version=").unwrap_or(revision);
    if is_checksum {
        write.message(format!("Validating checksum '{revision}'"));
    } else {
        write.message(format!("Resolving version '{version}'"));
    }
    let newest = write.system.newest.clone();
    let newest = find(&write.system, &refspec, &newest)?;
    commit(write, &refspec, &newest);
    let wanted = |base: &&Base| if is_checksum { base.checksum == revision } else { base.version == version };
    let known = write.system.base.iter().find(wanted).cloned();
    let known = known.ok_or_else(|| {
        if is_checksum {
            format!("Checksum {revision} not found in {refspec}")
        } else {
            format!("Version {version} not found in {refspec}")
        }
    })?;
    write.progress_end();
    branch(write, &refspec, &known.version, new)
}

/// The layers of an image that are not here yet; the base commit's own comes last.
fn image(write: &mut Writer, reference: &str, new: &mut Deployment) -> Result<(), String> {
    write.message(format!("Pulling manifest: {reference}"));
    write.work(30);
    write.point("Creating importer");
    let Some(image) = write.system.newest_image(reference).cloned() else {
        let path = reference.split_once("oci:").map_or(reference, |(_, path)| path);
        let path = path.rsplit_once(':').map_or(path, |(path, _)| path);
        let open = "failed to invoke method OpenImage";
        return Err(format!("Creating importer: {open}: {open}: open {path}/index.json: no such file or directory"));
    };
    if new.origin != Origin::Image(reference.to_owned(), image.digest.clone()) {
        layers(write, &image);
    }
    write.work(300);
    write.progress_end();
    new.origin = Origin::Image(reference.to_owned(), image.digest);
    new.base.clone_from(&image.checksum);
    write.note(move |state| {
        state.commits.insert(image.checksum.clone());
    });
    Ok(())
}

fn layers(write: &mut Writer, image: &Image) {
    write.message(format!("Importing: {} (digest: {})", image.reference, image.digest));
    let system = Arc::clone(&write.system);
    let deployed = write.state.deployments.iter().filter_map(|known| system.image_of(&known.base));
    let here: Vec<&ImageLayer> = deployed.flat_map(|image| &image.layers).collect();
    let in_order = image.layers.iter().skip(1).chain(image.layers.first());
    let (known, needed): (Vec<_>, Vec<_>) = in_order.partition(|layer| here.contains(layer));
    if !known.is_empty() {
        write.message(format!("ostree chunk layers already present: {}", known.len()));
    }
    let bytes: u64 = needed.iter().map(|layer| layer.size).sum();
    write.message(format!("ostree chunk layers needed: {} ({})", needed.len(), decimal(bytes)));
    for (number, layer) in needed.iter().enumerate() {
        let digest = layer.digest.strip_prefix("sha256:").unwrap_or(&layer.digest);
        let digest = digest.get(..19).unwrap_or(digest);
        let size = decimal(layer.size);
        write.begin(format!("[{number}/{}] Fetching ostree chunk {digest} ({size})", needed.len()));
        write.work(15 + layer.size / 43_000);
        write.end();
        write.point(format!("Importing: Unencapsulating base: Layer sha256:{digest}"));
    }
}
