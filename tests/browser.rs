//! The site in a real browser: Chromium, where `QUORATE_BROWSER` names it, as `.ci/run` does. `axe-core`
//! looks at the pages where `QUORATE_AXE` names its script. Elsewhere these tests look at nothing.

use std::{fs, path::Path, process::Command};

use crate::{
    common::quorate,
    site::{Served, shipped},
};

/// Pages of every sort.
const PAGES: &[&str] = &[
    "index.html",
    "search.html",
    "bodies.html",
    "bodies/panel.html",
    "people/david-lane.html",
    "seats/panel/gas-network-1.html",
    "modifications/SECMP0007.html",
    "rules.html",
    "rules/panel-composition.html",
    "findings.html",
    "reports/newsletter.html",
    "reports/calendar.html",
];

/// Of them, pages that between them show every colour.
const DARK: &[&str] =
    &["bodies/panel.html", "modifications/SECMP0007.html", "findings.html", "reports/newsletter.html"];

/// What the browser makes of a page, scripts run, and what it logs.
fn opened(browser: &str, address: &str, more: &[&str]) -> (String, String) {
    let home = tempfile::tempdir().unwrap();
    let run = Command::new(browser)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--enable-logging=stderr"])
        .args([
            "--disable-extensions",
            "--disable-background-networking",
            "--disable-component-update",
            "--no-first-run",
        ])
        .args(["--virtual-time-budget=20000", "--timeout=60000", "--dump-dom"])
        .arg(format!("--user-data-dir={}", home.path().display()))
        .args(more)
        .arg(address)
        .output()
        .unwrap();
    assert!(run.status.success(), "{run:?}");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (text(&run.stdout), text(&run.stderr))
}

fn written() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("site");
    let run = quorate(shipped().root(), &["report", "site", "--no-history", "--out", out.to_str().unwrap()]);
    assert_eq!(run.status, 0, "{run:?}");
    folder
}

fn browser() -> Option<String> {
    std::env::var("QUORATE_BROWSER").ok()
}

fn file(folder: &Path, page: &str) -> String {
    format!("file://{}", folder.join("site").join(page).display())
}

#[test]
fn no_page_logs_an_error_from_a_folder_or_from_the_server() {
    let Some(browser) = browser() else { return };
    let folder = written();
    let served = Served::of(shipped().root());
    let from_folder = PAGES.iter().map(|page| file(folder.path(), page));
    let from_server = DARK.iter().map(|page| format!("http://127.0.0.1:{}/{page}", served.port));
    for address in from_folder.chain(from_server) {
        let (dom, log) = opened(&browser, &address, &[]);
        assert!(dom.contains("<h1>"), "{address}: {dom}");
        let complaints: Vec<&str> = log.lines().filter(|line| line.contains("CONSOLE")).collect();
        assert_eq!(complaints, Vec::<&str>::new(), "{address}");
    }
}

#[test]
fn search_finds_by_every_word_and_shows_words_as_they_are() {
    let Some(browser) = browser() else { return };
    let folder = written();
    let search = |query: &str| opened(&browser, &(file(folder.path(), "search.html") + "?q=" + query), &[]).0;
    let found = search("firmware+ppmids");
    assert!(found.contains("href=\"modifications/SECMP0007.html\"") && found.contains(">1 found<"), "{found}");
    assert!(search("c3.1+composition").contains("href=\"rules/panel-composition.html\""));
    let hostile = search("%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E");
    assert!(hostile.contains(">0 found<") && !hostile.contains("<img"), "{hostile}");
}

/// What a browser lays out of a picture is what the page says: bars where the tenures are.
#[test]
fn bars_of_a_timeline_lie_before_and_behind_the_day_judged_as_the_tenures_do() {
    let Some(browser) = browser() else { return };
    let folder = written();
    let page = folder.path().join("site/bodies/panel.html");
    let script = "<script>document.body.innerHTML = '<pre id=\"bars\">' + \
        Array.from(document.querySelectorAll('svg rect.sure')).map(function (one) { \
        var now = one.ownerSVGElement.querySelector('.now').getBoundingClientRect(); \
        var bar = one.getBoundingClientRect(); \
        return bar.left >= now.left - 2 && bar.width > 50 && bar.height > 5; }).join(' ') + '</pre>';</script>";
    let text = fs::read_to_string(&page).unwrap().replace("</body>", &format!("{script}</body>"));
    fs::write(folder.path().join("site/bodies/measured.html"), text).unwrap();
    let (dom, _) = opened(&browser, &file(folder.path(), "bodies/measured.html"), &[]);
    // Four seats are held for certain from the day judged on: nobody knows since when before that.
    assert!(dom.contains("<pre id=\"bars\">true true true true</pre>"), "{dom}");
}

#[test]
fn axe_finds_no_serious_violation_in_light_and_in_dark() {
    let Some(browser) = browser() else { return };
    let Ok(axe) = std::env::var("QUORATE_AXE") else { return };
    let folder = written();
    fs::copy(axe, folder.path().join("site/axe.js")).unwrap();
    for page in PAGES {
        let root = "../".repeat(page.matches('/').count());
        let script = format!(
            "<script src=\"{root}axe.js\"></script><script>axe.run({{runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', \
             'wcag21aa', 'wcag22aa', 'best-practice']}}).then(function (all) {{ document.body.innerHTML = '<pre id=\"axe\"></pre>'; \
             document.getElementById('axe').textContent = JSON.stringify({{passes: all.passes.length, \
             violations: all.violations.map(function (one) {{ return [one.impact, one.id, one.nodes.slice(0, 3).map(function \
             (node) {{ return node.html; }})]; }})}}); }});</script>"
        );
        let text = fs::read_to_string(folder.path().join("site").join(page)).unwrap();
        let looked = format!("{page}.axe.html");
        fs::write(folder.path().join("site").join(&looked), text.replace("</body>", &format!("{script}</body>")))
            .unwrap();
        // 0 is dark, 1 is light. One sheet has the colours of all pages: a few show every colour of the dark.
        let schemes = if DARK.contains(page) { ["0", "1"].as_slice() } else { &["1"] };
        for scheme in schemes {
            let scheme = format!("--blink-settings=preferredColorScheme={scheme}");
            let (dom, log) = opened(&browser, &file(folder.path(), &looked), &[&scheme]);
            let found = dom.split("<pre id=\"axe\">").nth(1).and_then(|rest| rest.split("</pre>").next());
            let found = found.unwrap_or_else(|| panic!("{page}: axe did not run: {log}"));
            assert!(found.contains("\"passes\":") && found.contains("\"violations\":[]"), "{page} {scheme}: {found}");
        }
    }
}
