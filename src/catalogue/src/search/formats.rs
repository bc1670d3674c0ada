//! What people call the kinds of files that apps open: "mp3 player", "open docx".

use strata_model::app::Provided;

/// What registries and programs put before the telling part of a media type.
const BEFORE: [&str; 4] = ["vnd.", "x-", "x.", "ms-"];
/// Where the telling part is no word that people use, the ones that they do.
const CALLED: [(&str, &str); 46] = [
    ("3mfdocument", "3mf"),
    ("7z-compressed", "7z"),
    ("adobe.photoshop", "psd"),
    ("audio/mpeg", "mp3"),
    ("bibtex", "bib"),
    ("bittorrent", "torrent"),
    ("blender", "blend"),
    ("calendar", "ics"),
    ("cd-image", "iso"),
    ("chess-pgn", "pgn"),
    ("comicbook", "cbz"),
    ("comicbook-rar", "cbr"),
    ("debian.binary-package", "deb"),
    ("dos-executable", "exe"),
    ("excel", "xls"),
    ("font-ttf", "ttf"),
    ("geo", "geojson"),
    ("heif", "heic"),
    ("iso9660-image", "iso"),
    ("jpeg", "jpg"),
    ("keepass2", "kdbx"),
    ("markdown", "md"),
    ("matroska", "mkv"),
    ("mobi8-ebook", "mobi"),
    ("mobipocket-ebook", "mobi"),
    ("mpeg", "mpg"),
    ("msdos-program", "exe"),
    ("msdownload", "exe"),
    ("msvideo", "avi"),
    ("msword", "doc"),
    ("oasis.opendocument.graphics", "odg"),
    ("oasis.opendocument.presentation", "odp"),
    ("oasis.opendocument.spreadsheet", "ods"),
    ("oasis.opendocument.text", "odt"),
    ("openxmlformats-officedocument.presentationml.presentation", "pptx"),
    ("openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    ("openxmlformats-officedocument.wordprocessingml.document", "docx"),
    ("plain", "txt"),
    ("powerpoint", "ppt"),
    ("quicktime", "mov"),
    ("raw-disk-image", "img"),
    ("rfc822", "eml"),
    ("sqlite3", "sqlite"),
    ("subrip", "srt"),
    ("vcard", "vcf"),
    ("wavefront-obj", "obj"),
];
/// Telling parts that are words of another meaning.
const OTHERS: [&str; 3] = ["basic", "plain", "works"];

/// The words for what an app opens, each once.
pub(super) fn spoken(provides: &[Provided]) -> Vec<&str> {
    let types = provides.iter().filter(|provided| provided.kind == "mediatype");
    let mut words: Vec<&str> = types.flat_map(|provided| called(&provided.value)).collect();
    words.sort_unstable();
    words.dedup();
    words
}

/// The end of a file's name and the telling part itself, where it is as short as such ends are.
fn called(media: &str) -> impl Iterator<Item = &str> {
    let (kind, part) = media.split_once('/').unwrap_or_default();
    let part = part.split('+').next().unwrap_or_default();
    let part = BEFORE.iter().fold(part, |part, before| part.strip_prefix(before).unwrap_or(part));
    let word = |name: &str| CALLED.iter().find(|(called, _)| *called == name).map(|(_, word)| *word);
    // A scheme or a folder is no file.
    let is_file = !matches!(kind, "" | "inode" | "x-scheme-handler" | "x-content");
    let of_kind = is_file.then(|| if part == "mpeg" && kind == "audio" { word(media) } else { word(part) }).flatten();
    let short = matches!(part.len(), 3..=5) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    of_kind.into_iter().chain((is_file && short && !OTHERS.contains(&part)).then_some(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn media_types_are_called_as_people_call_them() {
        let cases: [(&str, &[&str]); 14] = [
            ("audio/mpeg", &["mp3", "mpeg"]),
            ("audio/x-mp3", &["mp3"]),
            ("video/mpeg", &["mpg", "mpeg"]),
            ("video/x-matroska", &["mkv"]),
            ("application/pdf", &["pdf"]),
            ("application/epub+zip", &["epub"]),
            ("image/svg+xml", &["svg"]),
            ("image/vnd.adobe.photoshop", &["psd"]),
            ("application/vnd.ms-excel", &["xls", "excel"]),
            ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", &["docx"]),
            ("text/plain", &["txt"]),
            ("inode/directory", &[]),
            ("x-scheme-handler/http", &[]),
            ("no type", &[]),
        ];
        for (media, expected) in cases {
            assert_eq!(called(media).collect::<Vec<_>>(), expected, "{media}");
        }
    }

    #[test]
    fn each_word_is_said_once() {
        let provided = |kind: &str, value: &str| Provided { kind: kind.to_owned(), value: value.to_owned() };
        let opened = [
            provided("mediatype", "audio/x-mp3"),
            provided("binary", "application/pdf"),
            provided("mediatype", "audio/mp3"),
        ];
        assert_eq!(spoken(&opened), ["mp3"]);
    }
}
