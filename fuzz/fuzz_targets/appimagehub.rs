//! AppImageHub's feed: bounded and of the web, whatever it says.
#![no_main]

use strata_appimage::feed::{Signs, app_image_hub, merge};

/// Where the feed is from.
const SITE: &str = "https://appimage.github.io";

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Ok(feed) = app_image_hub(bytes, SITE) else { return };
    let of_the_web = |url: &String| url.len() <= 2048 && (url.starts_with("https://") || url.starts_with("http://"));
    for record in &feed.records {
        assert!(!record.name.is_empty() && record.name.len() <= 200, "{record:?}");
        assert!(record.icons.iter().chain(&record.screenshots).all(of_the_web), "{record:?}");
        assert!(record.homepage.is_empty() || of_the_web(&record.homepage), "{record:?}");
        assert!(record.page.is_empty() || of_the_web(&record.page), "{record:?}");
    }
    let count = feed.records.len();
    let merged = merge(vec![feed.records], &Signs::default());
    assert_eq!(merged.records.len() + merged.merged, count);
});
