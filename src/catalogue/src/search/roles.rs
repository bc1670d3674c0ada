//! What people call apps of a category: how the categories of the menu specification are searched.
//! <https://specifications.freedesktop.org/menu-spec/latest/category-registry.html>

/// Categories that say what an app is. The others say what it is about, where it belongs or what it is made with: an app
/// of `HamRadio` is no radio.
const IS: [&str; 43] = [
    "3DGraphics",
    "ActionGame",
    "AdventureGame",
    "ArcadeGame",
    "BlocksGame",
    "BoardGame",
    "Calculator",
    "Calendar",
    "CardGame",
    "Chat",
    "Clock",
    "Database",
    "Debugger",
    "Dictionary",
    "Email",
    "Emulator",
    "FileManager",
    "FileTransfer",
    "FlowChart",
    "GUIDesigner",
    "Game",
    "IDE",
    "IRCClient",
    "InstantMessaging",
    "KidsGame",
    "LogicGame",
    "Mixer",
    "PackageManager",
    "Player",
    "Presentation",
    "ProjectManagement",
    "Recorder",
    "Sequencer",
    "Shooter",
    "SportsGame",
    "Spreadsheet",
    "StrategyGame",
    "TerminalEmulator",
    "TextEditor",
    "VideoConference",
    "Viewer",
    "WebBrowser",
    "WordProcessor",
];

/// Categories of sound, pictures that move, or both, by what is true of all.
const BOTH: [(&str, &str); 2] = [("AudioVideo", "multimedia media"), ("AudioVideoEditing", "editing")];

/// What apps that have all of some categories, and none of others, are called beside the categories' own names. Only what
/// is true of every app of that kind.
struct Role {
    has: &'static [&'static str],
    lacks: &'static [&'static str],
    words: &'static str,
}

const fn role(has: &'static [&'static str], words: &'static str) -> Role {
    Role { has, lacks: &[], words }
}

impl Role {
    const fn without(self, lacks: &'static [&'static str]) -> Self {
        Self { lacks, ..self }
    }
}

const ROLES: [Role; 42] = [
    role(&["Archiving"], "archive"),
    role(&["Compression"], "archiver archive manager zip unzip compress extract unpack"),
    // What shows films plays sound as well, and is no player of music.
    role(&["Audio", "Player"], "audio music listen").without(&["Video"]),
    role(&["Video", "Player"], "video movie film watch"),
    // This one is there with each of the two; alone it says either.
    role(&["AudioVideo", "Player"], "audio music video listen watch").without(&["Audio", "Video"]),
    role(&["AudioVideo", "Player"], "media"),
    role(&["Video", "AudioVideoEditing"], "video movie film editor"),
    role(&["Sequencer"], "music maker making production"),
    role(&["Midi"], "music maker making production"),
    role(&["TV"], "television watch"),
    // A viewer of pictures is no editor of them.
    role(&["RasterGraphics"], "image picture editor paint").without(&["Viewer"]),
    role(&["VectorGraphics"], "vector drawing illustration editor").without(&["Viewer"]),
    role(&["Graphics", "Viewer"], "image photo picture").without(&["Office"]),
    role(&["Office", "Viewer"], "document reader"),
    role(&["WebBrowser"], "internet browse surf"),
    role(&["Email"], "mail client send write"),
    role(&["InstantMessaging"], "messenger chat messages"),
    role(&["Chat"], "messenger messages"),
    role(&["IRCClient"], "chat"),
    role(&["VideoConference"], "call calls meeting"),
    role(&["Telephony"], "phone call calls voice"),
    role(&["Feed"], "rss feeds news reader"),
    role(&["P2P"], "file sharing peer to peer"),
    role(&["FileTransfer"], "download upload"),
    role(&["RemoteAccess"], "remote desktop"),
    role(&["WordProcessor"], "documents letters write writing"),
    role(&["Presentation"], "slides slideshow"),
    role(&["ContactManagement"], "contacts address book"),
    role(&["IDE"], "code editor programming"),
    role(&["RevisionControl"], "version control"),
    role(&["TerminalEmulator"], "console command line"),
    role(&["PackageManager"], "software store"),
    role(&["System", "Monitor"], "system monitor task manager"),
    role(&["DiscBurning"], "burn burner cd dvd"),
    role(&["Scanning"], "scanner scan documents"),
    role(&["Education"], "learn learning"),
    role(&["Education", "Languages"], "language languages"),
    role(&["Game"], "play"),
    role(&["CardGame"], "cards"),
    role(&["Translation"], "translator translate"),
    role(&["OCR"], "text recognition"),
    role(&["Printing"], "print printer"),
];

/// Categories as words: what an app is, and what else they say.
pub(super) fn spoken(categories: &[String]) -> (String, String) {
    let has = |name: &&str| categories.iter().any(|category| category == name);
    let (mut is, mut rest) = (String::new(), String::new());
    for category in categories {
        // Each app of sound is in the first, each tool for tags in the second: "video" is not what they are.
        if let Some((_, words)) = BOTH.iter().find(|(name, _)| name == category) {
            rest.push_str(words);
            rest.push('\n');
            continue;
        }
        push_words(if IS.contains(&category.as_str()) { &mut is } else { &mut rest }, category);
    }
    for role in &ROLES {
        if role.has.iter().all(has) && !role.lacks.iter().any(has) {
            is.push_str(role.words);
            is.push('\n');
        }
    }
    (is, rest)
}

/// A category's name as words: `WebBrowser` is `Web Browser`, `IRCClient` is `IRC Client`.
fn push_words(text: &mut String, category: &str) {
    let mut begin = 0;
    for (place, _) in crate::words::humps(category) {
        text.push_str(&category[begin..place]);
        text.push(' ');
        begin = place;
    }
    text.push_str(&category[begin..]);
    text.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn categories_are_searched_as_words() {
        let cases: [(&[&str], &str, &str); 9] = [
            (&["Game", "KidsGame"], "Game\nKids Game\nplay\n", ""),
            (&["Network", "WebBrowser"], "Web Browser\ninternet browse surf\n", "Network\n"),
            (&["Network", "IRCClient"], "IRC Client\nchat\n", "Network\n"),
            (&["AudioVideo", "Player"], "Player\naudio music video listen watch\nmedia\n", "multimedia media\n"),
            (&["AudioVideo", "Audio", "Player"], "Player\naudio music listen\nmedia\n", "multimedia media\nAudio\n"),
            (&["Audio", "Video", "Player"], "Player\nvideo movie film watch\n", "Audio\nVideo\n"),
            (&["RasterGraphics"], "image picture editor paint\n", "Raster Graphics\n"),
            (&["RasterGraphics", "Viewer"], "Viewer\n", "Raster Graphics\n"),
            (&["HamRadio", "3DGraphics"], "3D Graphics\n", "Ham Radio\n"),
        ];
        for (categories, roles, rest) in cases {
            let names: Vec<String> = categories.iter().map(|&name| name.to_owned()).collect();
            assert_eq!(spoken(&names), (roles.to_owned(), rest.to_owned()), "{categories:?}");
        }
    }

    #[test]
    fn every_role_is_one_of_its_own() {
        for (place, role) in ROLES.iter().enumerate() {
            assert!(!role.words.is_empty() && !role.has.is_empty());
            let again = ROLES.iter().skip(place + 1).any(|other| other.has == role.has && other.lacks == role.lacks);
            assert!(!again, "{:?} twice", role.has);
        }
    }
}
