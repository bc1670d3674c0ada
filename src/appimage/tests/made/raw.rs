//! SquashFS by hand, nothing packed, so that every field can lie.

/// An image while it is made.
#[derive(Default)]
pub(crate) struct Raw {
    pub(crate) data: Vec<u8>,
    inodes: Vec<u8>,
    listings: Vec<u8>,
    pub(crate) fragments: Vec<(u64, u32)>,
}

/// Where an inode is, as an offset in the unpacked table.
pub(crate) type Place = usize;
/// Where a folder's entries are, and how many bytes of them.
pub(crate) type Listing = (usize, u32);

pub(crate) const HEAD: usize = 96;
const BLOCK: u32 = 4096;
const NOT_PACKED: u32 = 1 << 24;

impl Raw {
    fn common(&mut self, kind: u16) -> Place {
        let place = self.inodes.len();
        self.inodes.extend_from_slice(&kind.to_le_bytes());
        self.inodes.extend_from_slice(&[0; 14]);
        place
    }

    fn words(&mut self, words: &[u32]) {
        self.inodes.extend(words.iter().flat_map(|word| word.to_le_bytes()));
    }

    /// Where the next inode will be.
    pub(crate) fn next(&self) -> Place {
        self.inodes.len()
    }

    pub(crate) fn folder(&mut self, (at, length): Listing) -> Place {
        let place = self.common(8);
        let (piece, offset) = (at / 8192 * 8194, at % 8192);
        self.words(&[1, length + 3, u32::try_from(piece).unwrap(), 0]);
        self.inodes.extend_from_slice(&[0, 0]);
        self.inodes.extend_from_slice(&u16::try_from(offset).unwrap().to_le_bytes());
        self.words(&[u32::MAX]);
        place
    }

    /// A file whose bytes lie at once behind the head.
    pub(crate) fn file(&mut self, bytes: &[u8]) -> Place {
        assert!(bytes.len() <= BLOCK as usize);
        let start = (HEAD + self.data.len()) as u64;
        self.data.extend_from_slice(bytes);
        let length = u32::try_from(bytes.len()).unwrap();
        let blocks = if bytes.is_empty() { vec![] } else { vec![length | NOT_PACKED] };
        self.file_of(length.into(), start, (u32::MAX, 0), &blocks)
    }

    /// A file that says anything of itself.
    pub(crate) fn file_of(&mut self, size: u64, start: u64, (fragment, offset): (u32, u32), blocks: &[u32]) -> Place {
        let place = self.common(9);
        self.inodes.extend_from_slice(&start.to_le_bytes());
        self.inodes.extend_from_slice(&size.to_le_bytes());
        self.words(&[0, 0, 1, fragment, offset, u32::MAX]);
        self.words(blocks);
        place
    }

    pub(crate) fn link(&mut self, target: &[u8]) -> Place {
        self.link_of(u32::try_from(target.len()).unwrap(), target)
    }

    pub(crate) fn link_of(&mut self, length: u32, target: &[u8]) -> Place {
        let place = self.common(3);
        self.words(&[1, length]);
        self.inodes.extend_from_slice(target);
        place
    }

    pub(crate) fn device(&mut self, kind: u16) -> Place {
        let place = self.common(kind);
        self.words(&[1, 0]);
        place
    }

    pub(crate) fn list(&mut self, entries: &[(&[u8], Place)]) -> Listing {
        let at = self.listings.len();
        for (name, place) in entries {
            self.run(1, *place);
            self.entry(name, *place);
        }
        (at, u32::try_from(self.listings.len() - at).unwrap())
    }

    pub(crate) fn run(&mut self, count: u32, place: Place) {
        let words = [count.wrapping_sub(1), u32::try_from(place / 8192 * 8194).unwrap(), 1];
        self.listings.extend(words.iter().flat_map(|word| word.to_le_bytes()));
    }

    pub(crate) fn entry(&mut self, name: &[u8], place: Place) {
        self.listings.extend_from_slice(&u16::try_from(place % 8192).unwrap().to_le_bytes());
        self.listings.extend_from_slice(&[0, 0, 1, 0]);
        self.listings.extend_from_slice(&u16::try_from(name.len() - 1).unwrap().to_le_bytes());
        self.listings.extend_from_slice(name);
    }

    /// Where the listings are now.
    pub(crate) fn listed(&self) -> usize {
        self.listings.len()
    }

    /// The image with this folder for its root.
    pub(crate) fn build(&self, root: Place) -> Vec<u8> {
        let mut image = vec![0; HEAD];
        image.extend_from_slice(&self.data);
        let inodes = image.len() as u64;
        pieces(&mut image, &self.inodes);
        let listings = image.len() as u64;
        pieces(&mut image, &self.listings);
        let fragments = image.len() as u64;
        let table: Vec<u8> = self
            .fragments
            .iter()
            .flat_map(|(start, size)| [start.to_le_bytes().as_slice(), &size.to_le_bytes(), &[0; 4]].concat())
            .collect();
        pieces(&mut image, &table);
        let pointer = image.len() as u64;
        image.extend_from_slice(&fragments.to_le_bytes());
        let length = image.len() as u64;
        let root = (((root / 8192 * 8194) << 16) | (root % 8192)) as u64;
        let words = |words: &[u32]| words.iter().flat_map(|word| word.to_le_bytes()).collect::<Vec<_>>();
        let longs = |longs: &[u64]| longs.iter().flat_map(|long| long.to_le_bytes()).collect::<Vec<_>>();
        let count = u32::try_from(self.fragments.len()).unwrap();
        let head = [
            b"hsqs".to_vec(),
            words(&[1, 0, BLOCK, count, 1 | 12 << 16, 1 << 16, 4]),
            longs(&[root, length, length, u64::MAX, inodes, listings, pointer, u64::MAX]),
        ];
        image[..HEAD].copy_from_slice(&head.concat());
        image
    }
}

fn pieces(image: &mut Vec<u8>, table: &[u8]) {
    for piece in table.chunks(8192) {
        image.extend_from_slice(&(u16::try_from(piece.len()).unwrap() | 1 << 15).to_le_bytes());
        image.extend_from_slice(piece);
    }
}
