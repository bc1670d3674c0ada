//! A file that is just enough of an RPM package.

use strata_demo::daemon::Nevra;

/// `file` is its name, as in `localonly-1.0-1.noarch.rpm`.
pub(crate) fn package(file: &str) -> Vec<u8> {
    let nevra = Nevra::parse(file.strip_suffix(".rpm").unwrap()).unwrap();
    let mut bytes = vec![0xed, 0xab, 0xee, 0xdb, 3, 0];
    bytes.resize(96, 0);
    let texts = [(1000, nevra.name), (1001, nevra.version), (1002, nevra.release), (1022, nevra.arch)];
    for texts in [&[][..], &texts] {
        let (mut index, mut store) = (Vec::new(), Vec::new());
        for (tag, text) in texts {
            let place = u32::try_from(store.len()).unwrap();
            index.extend([*tag, 6, place, 1].into_iter().flat_map(u32::to_be_bytes));
            store.extend(text.bytes().chain([0]));
        }
        bytes.extend([0x8e, 0xad, 0xe8, 0x01, 0, 0, 0, 0]);
        bytes.extend(
            [texts.len(), store.len()].into_iter().flat_map(|count| u32::try_from(count).unwrap().to_be_bytes()),
        );
        bytes.extend(index.into_iter().chain(store));
    }
    bytes
}
