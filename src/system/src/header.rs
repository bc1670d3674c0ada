//! RPM's headers, as they stand in packages and in rpm's own database: an index of tags, and a store of values.

/// Bytes of an entry of the index: tag, type, place in the store, count.
const ENTRY: usize = 16;
/// Entries and bytes of the store at most: rpm itself takes no more entries, and a kernel's header is smaller.
const MAX_ENTRIES: usize = 0xffff;
const MAX_STORE: usize = 64 << 20;
/// Bytes of a text that is read.
const MAX_TEXT: usize = 1024;

const NAME: u32 = 1000;
const VERSION: u32 = 1001;
const RELEASE: u32 = 1002;
const EPOCH: u32 = 1003;
const ARCHITECTURE: u32 = 1022;

/// How rpm calls the types of values.
const NUMBER: u32 = 4;
const LONG_NUMBER: u32 = 5;
const TEXT: u32 = 6;

/// A header in bytes that somebody else wrote.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Header<'b> {
    index: &'b [u8],
    store: &'b [u8],
}

/// What a package is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Package {
    pub(crate) name: String,
    /// Version and release, with the epoch in front where it has one.
    pub(crate) version: String,
    pub(crate) architecture: String,
}

/// How many bytes index and store take, by the two counts at a header's beginning; `None` where no header is so large.
pub(crate) fn size(counts: &[u8]) -> Option<usize> {
    let (entries, store) = (place(counts, 0)?, place(counts, 4)?);
    (entries <= MAX_ENTRIES && store <= MAX_STORE).then(|| entries * ENTRY + store)
}

impl<'b> Header<'b> {
    /// The header that begins with its two counts.
    pub(crate) fn of(bytes: &'b [u8]) -> Option<Self> {
        let whole = bytes.get(8..)?.get(..size(bytes)?)?;
        let (index, store) = whole.split_at_checked(place(bytes, 0)? * ENTRY)?;
        Some(Self { index, store })
    }

    /// The value of a tag, as it begins in the store.
    fn value(&self, tag: u32, kind: u32) -> Option<&'b [u8]> {
        let is_it = |entry: &&[u8]| number(entry, 0) == Some(tag) && number(entry, 4) == Some(kind);
        let entry = self.index.chunks_exact(ENTRY).find(is_it)?;
        self.store.get(place(entry, 8)?..)
    }

    /// One line of text.
    pub(crate) fn text(&self, tag: u32) -> Option<String> {
        let value = self.value(tag, TEXT)?;
        let value = value.get(..value.iter().take(MAX_TEXT + 1).position(|byte| *byte == 0)?)?;
        let text = std::str::from_utf8(value).ok()?;
        (!text.is_empty() && !text.contains(char::is_control)).then(|| text.to_owned())
    }

    /// A number of 32 or 64 bits.
    pub(crate) fn number(&self, tag: u32) -> Option<u64> {
        let long = || Some(u64::from_be_bytes(self.value(tag, LONG_NUMBER)?.get(..8)?.try_into().ok()?));
        self.value(tag, NUMBER).and_then(|value| number(value, 0)).map(u64::from).or_else(long)
    }

    /// What the package is that this is the header of.
    pub(crate) fn package(&self) -> Option<Package> {
        let (version, release) = (self.text(VERSION)?, self.text(RELEASE)?);
        let version = match self.number(EPOCH) {
            None | Some(0) => format!("{version}-{release}"),
            Some(epoch) => format!("{epoch}:{version}-{release}"),
        };
        Some(Package { name: self.text(NAME)?, version, architecture: self.text(ARCHITECTURE)? })
    }
}

/// A big-endian number.
fn number(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

fn place(bytes: &[u8], at: usize) -> Option<usize> {
    number(bytes, at).and_then(|number| usize::try_from(number).ok())
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A value of a tag: its type, and what stands in the store.
    pub(crate) type Entry<'t> = (u32, u32, &'t [u8]);

    /// A header with these, beginning with its counts.
    pub(crate) fn header(entries: &[Entry<'_>]) -> Vec<u8> {
        let (mut index, mut store) = (Vec::new(), Vec::new());
        for (tag, kind, value) in entries {
            let place = u32::try_from(store.len()).unwrap();
            index.extend([*tag, *kind, place, 1].into_iter().flat_map(u32::to_be_bytes));
            store.extend_from_slice(value);
        }
        let counts =
            [entries.len(), store.len()].into_iter().flat_map(|count| u32::try_from(count).unwrap().to_be_bytes());
        counts.chain(index).chain(store).collect()
    }

    /// The header of a package.
    pub(crate) fn package(architecture: &[u8]) -> Vec<u8> {
        header(&[
            (NAME, TEXT, b"own-tool\0"),
            (VERSION, TEXT, b"1.0\0"),
            (RELEASE, TEXT, b"3.fc42\0"),
            (EPOCH, NUMBER, &[0, 0, 0, 2]),
            (ARCHITECTURE, TEXT, architecture),
        ])
    }

    #[test]
    fn a_package_is_what_its_header_says() {
        let expected =
            Package { name: "own-tool".into(), version: "2:1.0-3.fc42".into(), architecture: "x86_64".into() };
        assert_eq!(Header::of(&package(b"x86_64\0")).unwrap().package(), Some(expected));
        let long = header(&[(270, LONG_NUMBER, &[0, 0, 0, 1, 0, 0, 0, 0])]);
        assert_eq!(Header::of(&long).unwrap().number(270), Some(1 << 32));
    }

    #[test]
    fn nothing_is_read_that_is_not_there() {
        let whole = package(b"x86_64\0");
        for end in 0..whole.len() {
            assert!(Header::of(&whole[..end]).is_none(), "{end}");
        }
        let unended = package(b"x86_64");
        assert_eq!(Header::of(&unended).unwrap().package(), None, "a text without its end");
        let mut far = whole.clone();
        // The place of the first value.
        far[16..20].copy_from_slice(&[0xff; 4]);
        assert_eq!(Header::of(&far).unwrap().package(), None);
        let coloured = package(b"x86\x1b[31m\0");
        assert_eq!(Header::of(&coloured).unwrap().package(), None, "what a terminal would obey");
        for counts in [[0xff_u8; 8], [0, 0, 0, 1, 0xff, 0, 0, 0], [0, 1, 0, 0, 0, 0, 0, 0]] {
            assert_eq!(size(&counts), None, "no header is so large");
        }
        assert_eq!(Header::of(&header(&[(NAME, NUMBER, &[0; 4])])).unwrap().text(NAME), None, "of another type");
    }
}
