//! How far one text is from another one.

use fst::Automaton;

/// How many mistakes lie between two texts.
pub(super) fn distance(one: &str, other: &str) -> u8 {
    let near = Near::new(one, u8::MAX - 1);
    let end = other.bytes().fold(near.start(), |state, byte| near.accept(&state, byte));
    end.map_or(u8::MAX, |rows| near.distance(&rows))
}

/// Accepts what is at most so many changes from a word: a letter more, less, another one, or two that changed places.
/// Letters are characters, whatever the script, though the vocabulary gives them byte by byte.
pub(super) struct Near {
    word: Vec<char>,
    most: u8,
}

/// Longest text that is corrected, in letters.
const MOST_LETTERS: usize = 47;

/// A row of the table of distances between the beginnings of the word and what was read so far. An array, because the
/// automaton makes one for each letter that it looks at.
type Row = [u8; MOST_LETTERS + 1];

/// How far the reading is.
#[derive(Clone, Copy)]
pub(super) struct Rows {
    /// The row of the letter before the last one, which changing places needs.
    before: Row,
    now: Row,
    /// The last letter; none at the beginning.
    letter: Option<char>,
    /// The bits of a letter that is not whole yet, and how many bytes of it are missing.
    partial: u32,
    missing: u8,
}

impl Near {
    pub(super) fn new(word: &str, most: u8) -> Self {
        Self { word: word.chars().collect(), most }
    }

    /// How far what was read is.
    pub(super) fn distance(&self, rows: &Rows) -> u8 {
        rows.now[self.word.len()]
    }

    /// One more letter; `None` if that is too far already.
    fn read(&self, rows: &Rows, letter: char) -> Option<Rows> {
        let mut next = [u8::MAX; MOST_LETTERS + 1];
        next[0] = rows.now[0].saturating_add(1);
        let mut least = next[0];
        for place in 0..self.word.len() {
            next[place + 1] = self.step(rows, &next, place, letter);
            least = least.min(next[place + 1]);
        }
        let hope = least <= self.most;
        hope.then_some(Rows { before: rows.now, now: next, letter: Some(letter), partial: 0, missing: 0 })
    }

    /// The distance of one more letter of the word, from its neighbours in the table.
    fn step(&self, rows: &Rows, next: &Row, place: usize, letter: char) -> u8 {
        let wanted = self.word[place];
        let changed = rows.now[place].saturating_add(u8::from(wanted != letter));
        let distance = changed.min(rows.now[place + 1].saturating_add(1)).min(next[place].saturating_add(1));
        let swapped = place > 0 && rows.letter == Some(wanted) && self.word[place - 1] == letter;
        if swapped { distance.min(rows.before[place - 1].saturating_add(1)) } else { distance }
    }
}

/// What a byte of UTF-8 adds to a letter: its bits, and how many bytes follow if it begins one.
fn bits(byte: u8) -> (u32, u8) {
    match byte {
        0..0x80 => (u32::from(byte), 0),
        0x80..0xc0 => (u32::from(byte & 0x3f), 0),
        0xc0..0xe0 => (u32::from(byte & 0x1f), 1),
        0xe0..0xf0 => (u32::from(byte & 0x0f), 2),
        0xf0.. => (u32::from(byte & 0x07), 3),
    }
}

impl Automaton for Near {
    /// `None`: too far already, whatever comes.
    type State = Option<Rows>;

    fn start(&self) -> Self::State {
        let now = std::array::from_fn(|place| u8::try_from(place).unwrap_or(u8::MAX));
        let start = Rows { before: now, now, letter: None, partial: 0, missing: 0 };
        (self.word.len() <= MOST_LETTERS).then_some(start)
    }

    fn is_match(&self, state: &Self::State) -> bool {
        state.as_ref().is_some_and(|rows| rows.missing == 0 && self.distance(rows) <= self.most)
    }

    fn can_match(&self, state: &Self::State) -> bool {
        state.is_some()
    }

    fn accept(&self, state: &Self::State, byte: u8) -> Self::State {
        let rows = state.as_ref()?;
        let (bits, follow) = bits(byte);
        let (partial, missing) =
            if rows.missing == 0 { (bits, follow) } else { (rows.partial << 6 | bits, rows.missing - 1) };
        match missing {
            0 => self.read(rows, char::from_u32(partial)?),
            _ => Some(Rows { partial, missing, ..*rows }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mistakes_between_texts() {
        let cases = [
            ("photoshp", "photoshop", 1),
            ("photoshp", "photos", 2),
            ("fire fox", "firefox", 1),
            ("gmip", "gimp", 1),
            ("почда", "почта", 1),
            ("same", "same", 0),
            ("abc", "xyzxyz", 6),
        ];
        for (one, other, expected) in cases {
            assert_eq!(distance(one, other), expected, "{one} and {other}");
        }
    }
}
