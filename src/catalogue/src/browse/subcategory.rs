//! Parts of a tile: the additional categories of the menu specification that a person would look for.
//! <https://specifications.freedesktop.org/menu-spec/latest/additional-category-registry.html>

use super::Category;
use strata_model::marked;

/// A part of a tile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Subcategory {
    tile: Category,
    category: &'static str,
    label: &'static str,
}

const fn part(tile: Category, category: &'static str, label: &'static str) -> Subcategory {
    Subcategory { tile, category, label }
}

/// In the order in which they are shown.
const ALL: [Subcategory; 73] = [
    part(Category::Create, "RasterGraphics", marked("Painting and Images")),
    part(Category::Create, "VectorGraphics", marked("Drawing")),
    part(Category::Create, "3DGraphics", marked("3D")),
    part(Category::Create, "Photography", marked("Photography")),
    part(Category::Create, "Scanning", marked("Scanning")),
    part(Category::Create, "Viewer", marked("Viewers")),
    part(Category::Create, "Publishing", marked("Publishing")),
    part(Category::Create, "Player", marked("Players")),
    part(Category::Create, "Music", marked("Music")),
    part(Category::Create, "Recorder", marked("Recording")),
    part(Category::Create, "AudioVideoEditing", marked("Sound and Film Editing")),
    part(Category::Create, "Midi", marked("MIDI")),
    part(Category::Create, "Mixer", marked("Mixers")),
    part(Category::Create, "Sequencer", marked("Sequencers")),
    part(Category::Create, "TV", marked("Television")),
    part(Category::Create, "DiscBurning", marked("Discs")),
    part(Category::Work, "WordProcessor", marked("Writing")),
    part(Category::Work, "Spreadsheet", marked("Spreadsheets")),
    part(Category::Work, "Presentation", marked("Presentations")),
    part(Category::Work, "Calendar", marked("Calendars")),
    part(Category::Work, "ContactManagement", marked("Contacts")),
    part(Category::Work, "Finance", marked("Money")),
    part(Category::Work, "ProjectManagement", marked("Planning")),
    part(Category::Work, "Database", marked("Databases")),
    part(Category::Work, "FlowChart", marked("Diagrams")),
    part(Category::Work, "Chart", marked("Charts")),
    part(Category::Work, "Dictionary", marked("Dictionaries")),
    part(Category::Play, "ActionGame", marked("Action")),
    part(Category::Play, "AdventureGame", marked("Adventure")),
    part(Category::Play, "ArcadeGame", marked("Arcade")),
    part(Category::Play, "BoardGame", marked("Board Games")),
    part(Category::Play, "BlocksGame", marked("Falling Blocks")),
    part(Category::Play, "CardGame", marked("Card Games")),
    part(Category::Play, "KidsGame", marked("For Children")),
    part(Category::Play, "LogicGame", marked("Puzzles")),
    part(Category::Play, "RolePlaying", marked("Role Playing")),
    part(Category::Play, "Shooter", marked("Shooters")),
    part(Category::Play, "Simulation", marked("Simulation")),
    part(Category::Play, "SportsGame", marked("Sports")),
    part(Category::Play, "StrategyGame", marked("Strategy")),
    part(Category::Play, "Emulator", marked("Emulators")),
    part(Category::Socialise, "InstantMessaging", marked("Messages")),
    part(Category::Socialise, "Chat", marked("Chat")),
    part(Category::Socialise, "Email", marked("Mail")),
    part(Category::Socialise, "VideoConference", marked("Calls")),
    part(Category::Socialise, "Feed", marked("News Feeds")),
    part(Category::Socialise, "HamRadio", marked("Amateur Radio")),
    part(Category::Learn, "Astronomy", marked("Astronomy")),
    part(Category::Learn, "Chemistry", marked("Chemistry")),
    part(Category::Learn, "Languages", marked("Languages")),
    part(Category::Learn, "Math", marked("Mathematics")),
    part(Category::Learn, "Geography", marked("Geography")),
    part(Category::Develop, "IDE", marked("Development Environments")),
    part(Category::Develop, "RevisionControl", marked("Version Control")),
    part(Category::Develop, "Debugger", marked("Debuggers")),
    part(Category::Tools, "FileTools", marked("Files")),
    part(Category::Tools, "TextEditor", marked("Text Editors")),
    part(Category::Tools, "Archiving", marked("Archives")),
    part(Category::Tools, "Calculator", marked("Calculators")),
    part(Category::Tools, "Clock", marked("Clocks")),
    part(Category::Tools, "WebBrowser", marked("Web Browsers")),
    part(Category::Tools, "FileTransfer", marked("Downloads")),
    part(Category::Tools, "Monitor", marked("System Monitors")),
    part(Category::Tools, "TerminalEmulator", marked("Terminals")),
    part(Category::Tools, "Security", marked("Security")),
    part(Category::Tools, "Accessibility", marked("Accessibility")),
    part(Category::Learn, "Physics", marked("Physics")),
    part(Category::Learn, "Biology", marked("Biology")),
    part(Category::Learn, "Engineering", marked("Engineering")),
    part(Category::Learn, "Music", marked("Music")),
    part(Category::Develop, "WebDevelopment", marked("Web Development")),
    part(Category::Develop, "GUIDesigner", marked("Interface Design")),
    part(Category::Develop, "Translation", marked("Translation")),
];

impl Subcategory {
    /// The parts of a tile, in the order in which they are shown.
    pub fn of(tile: Category) -> impl Iterator<Item = Self> {
        ALL.into_iter().filter(move |part| part.tile == tile)
    }

    /// A part of a tile by its category of the menu specification.
    pub fn named(tile: Category, category: &str) -> Option<Self> {
        Self::of(tile).find(|part| part.category == category)
    }

    /// The category of the menu specification.
    pub const fn category(self) -> &'static str {
        self.category
    }

    /// Its name, in English, to be translated by the face.
    pub const fn label(self) -> &'static str {
        self.label
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tile_has_parts_and_none_of_them_twice() {
        for tile in Category::ALL {
            let parts: Vec<_> = Subcategory::of(tile).collect();
            assert!(parts.len() > 1, "{tile:?}");
            for part in &parts {
                assert_eq!(Subcategory::named(tile, part.category()), Some(*part), "{part:?}");
                assert_eq!(parts.iter().filter(|other| other.label() == part.label()).count(), 1, "{part:?}");
            }
        }
    }
}
