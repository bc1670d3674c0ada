//! The bar of every recorded transaction.

use crate::recording::{Recording, Step, all};
use serde_json::Value as Json;
use strata_model::{Progress, Stage};
use strata_system::progress::{Course, Download, Meter, Said};

fn said(name: &str, arguments: &Json) -> Option<Said> {
    let text = |place: usize| arguments[place].as_str().unwrap().to_owned();
    let number = |value: &Json| u32::try_from(value.as_u64().unwrap()).unwrap();
    Some(match name {
        "TaskBegin" => Said::Begin(text(0)),
        "TaskEnd" => Said::End,
        "Message" => Said::Message(text(0)),
        "PercentProgress" => Said::Percent(text(0), number(&arguments[1])),
        "ProgressEnd" => Said::PercentEnd,
        "Finished" => Said::Finished(arguments[0].as_bool().unwrap(), text(1)),
        "DownloadProgress" => Said::Download(Download {
            metadata_outstanding: number(&arguments[2][2]),
            delta_parts: (number(&arguments[3][0]), number(&arguments[3][1])),
            delta_size: arguments[3][3].as_u64().unwrap(),
            fetched: number(&arguments[4][0]),
            requested: number(&arguments[4][1]),
            bytes: arguments[5][0].as_u64().unwrap(),
        }),
        _ => return None,
    })
}

/// The bars of a recording, one for each of its transactions.
fn bars(name: &str, course: Course) -> Vec<Vec<Progress>> {
    let mut bars = Vec::new();
    let mut bar = (Meter::new(course), Vec::new());
    for step in Recording::of(name, "a").steps {
        let Step::PeerSignal { name, arguments } = step else { continue };
        let Some(said) = said(&name, &arguments.value) else { continue };
        bar.1.extend(bar.0.hear(&said));
        if matches!(said, Said::Finished(..)) {
            let (_, ended) = std::mem::replace(&mut bar, (Meter::new(course), Vec::new()));
            bars.push(ended);
        }
    }
    bars
}

#[test]
fn no_bar_goes_back_and_each_that_ends_well_ends_at_a_hundred() {
    let mut seen = 0;
    for (name, course) in all().iter().flat_map(|name| [(name, Course::Image), (name, Course::Packages)]) {
        let ends = Recording::of(name, "a").ends();
        for (bar, (well, _)) in bars(name, course).iter().zip(ends) {
            let percents: Vec<u8> = bar.iter().filter_map(|progress| progress.percent).collect();
            assert!(percents.is_sorted(), "{name}: {percents:?}");
            assert!(percents.iter().rev().skip(1).all(|percent| *percent < 100), "{name}: {percents:?}");
            assert_eq!(percents.last() == Some(&100), well, "{name}: {percents:?}");
            seen += 1;
        }
    }
    assert!(seen > 100, "the recordings are there");
}

#[test]
fn a_download_shows_its_files_and_bytes() {
    let bars = bars("http-download", Course::Image);
    let [bar] = &bars[..] else { panic!("{bars:?}") };
    let downloading: Vec<_> = bar.iter().filter(|progress| progress.stage == Stage::Downloading).collect();
    let percents: Vec<_> = downloading.iter().map(|progress| progress.percent.unwrap()).collect();
    assert_eq!(percents, [0, 8, 15, 23, 31, 39, 43, 47], "1, 9, 17, 25, 34, 42, 46, 50 of 63 files, in 60 per cent");
    assert_eq!(downloading.last().unwrap().bytes, 110_299_295);
    let staging = bar.iter().find(|progress| progress.stage == Stage::Finishing).unwrap();
    assert_eq!(staging.percent, None, "nobody knows how long that takes");
}

#[test]
fn a_container_shows_the_bytes_of_its_layers() {
    let bars = bars("container-rebase-chunked", Course::Image);
    let downloading: Vec<_> = bars[0].iter().filter(|progress| progress.stage == Stage::Downloading).collect();
    let (first, second) = (downloading[0], downloading[1]);
    assert_eq!((first.percent, first.bytes, first.total_bytes), (Some(0), 0, 103_700_000));
    assert_eq!((second.percent, second.bytes), (Some(59), 103_400_000), "the first of seven is nearly all");
}
