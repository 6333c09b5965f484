//! `quorate report site` and `serve`: what a browser gets, read back by an HTML tokenizer that is none of
//! ours; what happens to the folder; what the server answers.
//!
//! `BLESS=1 cargo test site` writes the expected pages under `tests/reports/site/`: read the diff.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    process::{Child, Stdio},
    time::{Duration, Instant},
};

use html5gum::{Token, Tokenizer};

use crate::{
    common::{Repo, copy, manifest, orchard, quorate, tool},
    report_escapes, reports,
};

/// The pages of a folder, by address.
type Pages = BTreeMap<String, String>;

fn read(folder: &Path) -> Pages {
    fn look(top: &Path, folder: &Path, pages: &mut Pages) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                look(top, &path, pages);
            } else {
                let address = path.strip_prefix(top).unwrap().to_str().unwrap().to_owned();
                pages.insert(address, fs::read_to_string(&path).unwrap());
            }
        }
    }
    let mut pages = Pages::new();
    look(folder, folder, &mut pages);
    pages
}

/// The site of a folder of records, without history.
fn site(repo: &Repo, more: &[&str]) -> Pages {
    let args = [&["report", "site", "--out", "../site", "--no-history"], more].concat();
    let run = quorate(repo.root(), &args);
    assert_eq!(run.status, 0, "{run:?}");
    read(&repo.beside("site"))
}

pub(crate) fn shipped() -> Repo {
    let repo = Repo::plain();
    for folder in ["registry", "rules"] {
        copy(&manifest().join(folder), &repo.root().join(folder));
    }
    repo
}

/// The tags of the site, each with the attributes that it may have.
const TAGS: &[(&str, &[&str])] = &[
    ("html", &["lang"]),
    ("head", &[]),
    ("meta", &["charset", "name", "content"]),
    ("title", &["id"]),
    ("link", &["rel", "href"]),
    ("body", &[]),
    ("header", &[]),
    ("nav", &["aria-label"]),
    ("main", &["id"]),
    ("footer", &[]),
    ("form", &["role", "action"]),
    ("label", &["for"]),
    ("input", &["id", "name", "type", "autocomplete"]),
    ("button", &[]),
    ("a", &["href", "class", "rel", "aria-current"]),
    ("h1", &[]),
    ("h2", &[]),
    ("h3", &[]),
    ("p", &["class", "id", "role"]),
    ("ul", &["id"]),
    ("ol", &[]),
    ("li", &[]),
    ("dl", &[]),
    ("dt", &[]),
    ("dd", &[]),
    ("b", &[]),
    ("br", &[]),
    ("em", &[]),
    ("strong", &["class"]),
    ("span", &["class"]),
    ("code", &[]),
    ("pre", &[]),
    ("details", &[]),
    ("summary", &[]),
    ("div", &["class", "role", "tabindex", "aria-label"]),
    ("table", &[]),
    ("caption", &[]),
    ("thead", &[]),
    ("tbody", &[]),
    ("tr", &[]),
    ("th", &["scope"]),
    ("td", &[]),
    ("noscript", &[]),
    ("script", &["src"]),
    ("svg", &["class", "viewbox", "role", "aria-labelledby"]),
    ("desc", &["id"]),
    ("g", &[]),
    ("path", &["class", "d", "stroke-width"]),
    ("rect", &["class", "x", "y", "width", "height"]),
    ("circle", &["class", "cx", "cy", "r"]),
    ("text", &["class", "x", "y"]),
];

/// The tags that have no end.
const VOID: &[&str] = &["meta", "link", "input", "br"];

/// What one page is made of.
#[derive(Default)]
struct Seen {
    links: Vec<String>,
    ids: BTreeSet<String>,
    text: String,
    count: BTreeMap<String, usize>,
}

fn word(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Reads a page after the standard: no error, only known tags and attributes, each closed where it was
/// opened, every id once.
fn look(address: &str, page: &str) -> Seen {
    let (mut seen, mut open): (Seen, Vec<String>) = (Seen::default(), Vec::new());
    for token in Tokenizer::new(page) {
        let Ok(token) = token;
        match token {
            Token::StartTag(tag) => {
                let called = word(&tag.name);
                let known = TAGS.iter().find(|(tag, _)| *tag == called);
                let (_, attributes) = known.unwrap_or_else(|| panic!("{address}: <{called}>"));
                for (key, value) in &tag.attributes {
                    let (key, value) = (word(key), word(value));
                    assert!(attributes.contains(&key.as_str()), "{address}: <{called} {key}>");
                    match key.as_str() {
                        "href" | "src" | "action" => seen.links.push(value),
                        "id" => assert!(seen.ids.insert(value.clone()), "{address}: id {value} twice"),
                        _ => {}
                    }
                }
                *seen.count.entry(called.clone()).or_default() += 1;
                if !VOID.contains(&called.as_str()) && !tag.self_closing {
                    open.push(called);
                }
            }
            Token::EndTag(tag) => assert_eq!(open.pop(), Some(word(&tag.name)), "{address}"),
            Token::String(text) => seen.text += &word(&text),
            Token::Doctype(_) => assert!(open.is_empty()),
            Token::Comment(text) => panic!("{address}: comment {text:?}"),
            Token::Error(error) => panic!("{address}: {error:?}"),
        }
    }
    assert_eq!(open, Vec::<String>::new(), "{address}");
    seen
}

/// The address that a link leads to, seen from a page; nothing for another host.
fn followed(from: &str, link: &str) -> Option<String> {
    if link.contains("://") {
        return None;
    }
    if link.starts_with('#') {
        return Some(from.to_owned());
    }
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in link.split(['#', '?']).next().unwrap().split('/') {
        match part {
            ".." => assert!(parts.pop().is_some(), "{from}: {link} leaves the site"),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// Holds every page against what every page must be.
fn sound(pages: &Pages) -> BTreeMap<&str, Seen> {
    let html = pages.iter().filter(|(address, _)| address.ends_with(".html"));
    let seen: BTreeMap<&str, Seen> = html.map(|(address, page)| (address.as_str(), look(address, page))).collect();
    for (address, one) in &seen {
        for link in &one.links {
            if let Some(to) = followed(address, link) {
                assert!(pages.contains_key(&to), "{address}: {link}");
            }
        }
        let count = |tag: &str| one.count.get(tag).copied().unwrap_or(0);
        assert_eq!(
            (count("h1"), count("main"), count("nav"), count("header"), count("footer")),
            (1, 1, 1, 1, 1),
            "{address}"
        );
        assert_eq!(count("table"), count("caption"), "{address}: a table without a caption");
        assert_eq!(count("script") > 0, *address == "search.html", "{address}");
        assert!(one.ids.contains("main"), "{address}: nowhere to skip to");
    }
    seen
}

#[test]
fn every_page_is_valid_and_every_link_leads_to_a_page() {
    let pages = site(&shipped(), &[]);
    let seen = sound(&pages);
    assert!(seen.len() > 600, "{}", seen.len());
    // Every page is reached from the first one.
    let (mut reached, mut next) = (BTreeSet::new(), vec!["index.html".to_owned()]);
    while let Some(address) = next.pop() {
        if let Some(one) = seen.get(address.as_str()).filter(|_| reached.insert(address.clone())) {
            next.extend(one.links.iter().filter_map(|link| followed(&address, link)));
        }
    }
    let all: BTreeSet<String> = seen.keys().map(|address| (*address).to_owned()).collect();
    assert_eq!(all.difference(&reached).collect::<Vec<_>>(), Vec::<&String>::new());
}

#[test]
fn every_record_rule_and_finding_has_its_page() {
    let repo = shipped();
    let pages = site(&repo, &[]);
    let mut wanted: Vec<String> = Vec::new();
    for finding in quorate(repo.root(), &["check", "--format", "json"]).findings() {
        wanted.push(format!("findings/{}.html", finding["fingerprint"].as_str().unwrap()));
    }
    fn files(folder: &Path, all: &mut Vec<std::path::PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { files(&path, all) } else { all.push(path) }
        }
    }
    let mut records = Vec::new();
    files(&repo.path("registry"), &mut records);
    for path in records {
        let below = path.strip_prefix(repo.path("registry")).unwrap().to_str().unwrap();
        if let Some(id) = below.strip_suffix(".toml").filter(|id| id.contains('/')) {
            wanted.push(format!("{id}.html"));
        }
    }
    let rules = quorate(repo.root(), &["rules", "list"]).stdout;
    wanted.push("rules/panel-composition.html".to_owned());
    assert!(rules.contains("panel-composition") && wanted.len() > 500, "{}", wanted.len());
    for address in wanted {
        assert!(pages.contains_key(&address), "{address}");
    }
}

#[test]
fn pages_of_the_shipped_registry_read_as_expected() {
    let pages = site(&shipped(), &[]);
    for address in ["bodies/panel.html", "modifications/SECMP0007.html", "rules/tabasc-composition.html", "index.html"]
    {
        let path = manifest().join("tests/reports/site").join(address.replace('/', "-"));
        if std::env::var_os("BLESS").is_some() {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, &pages[address]).unwrap();
        }
        assert_eq!(pages[address], fs::read_to_string(&path).unwrap(), "{}", path.display());
    }
}

/// One bar for each tenure, its certain part where the days leave one; a dot for each meeting.
#[test]
fn timelines_have_a_bar_for_each_tenure_and_a_dot_for_each_meeting() {
    let repo = orchard();
    let seat = |text: &str| {
        repo.write(
            "registry/seats/board/timeline.toml",
            format!("source = [\"minutes\"]\nconstituency = \"grower\"\ntenure = [{text}]\n"),
        )
    };
    let drawn = || {
        let page = site(&repo, &["--draft"]).remove("seats/board/timeline.html").unwrap();
        let count = |class: &str| page.matches(&format!("<rect class=\"{class}\"")).count();
        (count("sure"), count("maybe"), count("vacant"))
    };
    seat("{ holder = \"vacant\", from = 2016-01-01, ended = 2016-06-01 }");
    assert_eq!(drawn(), (0, 0, 1));
    seat(
        "{ holder = \"unknown\", from = 2016-01-01, ended = 2016-06-01 }, { holder = \"unknown\", from = 2016-06-01 }",
    );
    assert_eq!(drawn(), (2, 0, 0));
    seat("{ holder = \"unknown\", from = \"2016\", ended = 2017-06-01 }");
    assert_eq!(drawn(), (1, 1, 0));
    seat("{ holder = \"unknown\", from = \"2016\", ended = \"2016\" }");
    assert_eq!(drawn(), (0, 1, 0));
    for (name, says) in [
        ("a", "held = 2016-03-01"),
        ("b", "planned = 2017-03-01"),
        ("c", "planned = 2016-05-01\ncancelled = 2016-04-01"),
    ] {
        let text = format!("source = [\"minutes\"]\nnumber = 1\n{says}\n");
        repo.write(&format!("registry/meetings/board/{name}.toml"), text);
    }
    let page = site(&repo, &["--draft"]).remove("bodies/board.html").unwrap();
    for drawn in ["<circle class=\"dot\"", "<circle class=\"plan\"", "<path class=\"off\""] {
        assert_eq!(page.matches(drawn).count(), 1, "{drawn}");
    }
}

#[test]
fn two_runs_give_the_same_bytes_and_the_second_changes_nothing() {
    let repo = shipped();
    let first = site(&repo, &[]);
    let run = quorate(repo.root(), &["report", "site", "--out", "../site", "--no-history"]);
    assert!(run.stdout.contains("0 of them new or changed, 0 removed"), "{run:?}");
    assert_eq!(read(&repo.beside("site")), first);
}

#[test]
fn a_page_cites_the_commit_that_it_was_made_from_and_can_be_made_again() {
    let repo = Repo::init();
    copy(&manifest().join("tests/bases/orchard"), repo.root());
    let commit = repo.commit("the orchard");
    let made = site(&repo, &["--at", "HEAD"]);
    let page = &made["bodies/board.html"];
    assert!(page.contains(&format!("quorate report site --at {commit} --on")), "{page}");
    assert!(page.contains("last changed by commit"), "{page}");
    fs::remove_dir_all(repo.beside("site")).unwrap();
    repo.edit("registry/bodies/board.toml", "name  ", "# later\nname  ");
    assert_eq!(site(&repo, &["--at", &commit]), made);
    let of_work_tree = site(&repo, &[]);
    assert!(of_work_tree["index.html"].contains("uncommitted work tree"));
}

#[test]
fn history_is_drawn_where_there_is_some() {
    let repo = Repo::init();
    copy(&manifest().join("tests/bases/orchard"), repo.root());
    repo.commit("the orchard");
    repo.edit("registry/bodies/board.toml", "source", "# once more\nsource");
    repo.commit("once more");
    let run = quorate(repo.root(), &["report", "site", "--out", "../site"]);
    assert_eq!(run.status, 0, "{run:?}");
    let page = &read(&repo.beside("site"))["index.html"];
    assert!(page.contains("Findings by commit") && page.contains("The last 2 of 2 commits"), "{page}");
    assert!(page.contains("once more"));
    assert!(!site(&repo, &[])["index.html"].contains("Findings by commit"));
}

/// An empty column would look like a commit without fault.
#[test]
fn a_commit_that_could_not_be_judged_is_drawn_as_such() {
    let repo = Repo::init();
    copy(&manifest().join("tests/bases/orchard"), repo.root());
    repo.commit("the orchard");
    let page = |repo: &Repo| {
        let run = quorate(repo.root(), &["report", "site", "--out", "../site"]);
        assert_eq!(run.status, 0, "{run:?}");
        read(&repo.beside("site"))["index.html"].clone()
    };
    assert!(!page(&repo).contains("could not be judged"));
    repo.write("rules/broken.toml", "kind = \"none\"\n");
    repo.commit("a rule that nobody can read");
    fs::remove_file(repo.path("rules/broken.toml")).unwrap();
    repo.commit("taken out");
    let page = page(&repo);
    assert!(page.contains("<rect class=\"maybe unjudged\""), "{page}");
    assert!(page.contains("<p>A dashed column is a commit that could not be judged.</p>"), "{page}");
}

#[test]
fn what_an_earlier_site_left_over_is_removed_and_nothing_else() {
    let repo = orchard();
    let before = site(&repo, &[]);
    let folder = repo.beside("site");
    fs::write(folder.join("CNAME"), "records.example\n").unwrap();
    let address = "people/dee.html";
    assert!(before.contains_key(address));
    fs::remove_file(repo.path("registry/people/dee.toml")).unwrap();
    let after = site(&repo, &["--draft"]);
    assert!(!after.contains_key(address) && after.contains_key("CNAME"));
}

#[test]
fn a_folder_of_something_else_is_left_alone() {
    let repo = orchard();
    fs::create_dir(repo.beside("site")).unwrap();
    fs::write(repo.beside("site").join("thesis.txt"), "mine").unwrap();
    let run = quorate(repo.root(), &["report", "site", "--out", "../site"]);
    assert_eq!(run.status, 2, "{run:?}");
    assert!(run.stderr.contains("has files that are no site of quorate"), "{run:?}");
    assert_eq!(read(&repo.beside("site")).len(), 1);
}

/// The list of files is a file like any other: what it names outside of the folder stays.
#[test]
fn a_list_of_files_that_leads_elsewhere_is_not_believed() {
    let repo = orchard();
    site(&repo, &[]);
    fs::write(repo.beside("victim.html"), "mine").unwrap();
    let marker = repo.beside("site").join(".quorate-site");
    let more =
        fs::read_to_string(&marker).unwrap() + "../victim.html\n/etc/hostname\na/../../victim.html\n.git/config\n";
    fs::write(&marker, more).unwrap();
    let pages = site(&repo, &[]);
    assert_eq!(fs::read_to_string(repo.beside("victim.html")).unwrap(), "mine");
    assert!(!pages[".quorate-site"].contains("victim"));
}

#[test]
fn a_site_is_refused_while_anything_is_wrong_and_a_draft_says_so_on_every_page() {
    let repo = shipped();
    reports::no_day(&repo, "registry/meetings/panel/2016-10-14.toml", "planned = ");
    let run = quorate(repo.root(), &["report", "site", "--out", "../site", "--no-history"]);
    assert_eq!((run.status, run.stdout.as_str()), (1, ""), "{run:?}");
    assert!(
        run.stderr.contains("the report `site` is refused: 1 error(s)") && !repo.beside("site").exists(),
        "{run:?}"
    );
    let pages = site(&repo, &["--draft"]);
    for (address, page) in pages.iter().filter(|(address, _)| address.ends_with(".html")) {
        assert!(page.contains("Draft: not to be published."), "{address}");
    }
    sound(&pages);
}

#[test]
fn hostile_words_stay_words_on_every_page() {
    let (repo, _) = report_escapes::hostile(0);
    let pages = site(&repo, &["--draft"]);
    let seen = sound(&pages);
    let text: String = seen.values().map(|one| one.text.as_str()).collect();
    for attack in report_escapes::ATTACKS {
        let shown = quorate::render::escape::line(attack);
        let part: String = shown.chars().take(12).collect();
        assert!(text.contains(part.trim()), "{part}");
    }
    for (address, page) in &pages {
        assert!(!page.contains(report_escapes::SECRET), "{address}: a note");
        let is_hidden = |c: char| !matches!(c, '\n' | '\r') && quorate::render::escape::is_hidden(c);
        assert!(!page.chars().any(is_hidden), "{address}");
    }
    let elsewhere =
        |link: &&String| link.contains(':') && !link.starts_with("https://") && !link.starts_with("http://");
    let links = seen.values().flat_map(|one| &one.links).filter(elsewhere).collect::<Vec<_>>();
    assert_eq!(links, Vec::<&String>::new());
    // The index of search is data, in one statement.
    let index = &pages["search-index.js"];
    let data = index.strip_prefix("window.quorateIndex = ").unwrap().strip_suffix(";\n").unwrap();
    let data = data.replace(",\n]", "]");
    let read: Vec<[String; 4]> = serde_json::from_str(&data).unwrap();
    assert!(read.len() > 300);
}

#[test]
fn long_lists_fill_several_pages() {
    let repo = orchard();
    for at in 0..1001 {
        repo.write(&format!("registry/organisations/co-{at:04}.toml"), "source = [\"minutes\"]\nname = \"Co\"\n");
    }
    let pages = site(&repo, &["--draft"]);
    sound(&pages);
    assert!(pages["organisations-2.html"].contains("co-1000") || pages["organisations-2.html"].contains("co-0999"));
    assert!(pages["organisations.html"].contains("href=\"organisations-2.html\""));
}

#[test]
fn templates_of_a_folder_take_the_place_of_those_shipped() {
    let repo = orchard();
    repo.write("look/site.html", "<!DOCTYPE html><title>{{ title }}</title>{{ body }} {{ title ~ '<b>' }}");
    let pages = site(&repo, &["--templates", "look"]);
    assert!(pages["index.html"].starts_with("<!DOCTYPE html><title>"), "{}", pages["index.html"]);
    assert!(pages["index.html"].ends_with("&lt;b&gt;"), "what a template is given is escaped");
    repo.write("look/site.html", "{% if %}");
    let run = quorate(repo.root(), &["report", "site", "--out", "../other", "--templates", "look"]);
    assert!(run.status == 2 && run.stderr.contains("the template `site.html` does not work"), "{run:?}");
}

#[test]
fn options_that_say_nothing_of_a_site_are_refused() {
    let repo = orchard();
    for (args, why) in [
        (&["report", "site"][..], "--out DIR"),
        (&["report", "site", "--out", "x", "--format", "csv"], "`--format` says nothing of a site"),
        (&["report", "serve", "--out", "x"], "`serve` writes no folder"),
        (&["report", "seats", "--port", "1"], "only a site takes"),
    ] {
        let run = quorate(repo.root(), args);
        assert!(run.status == 2 && run.stderr.contains(why), "{run:?}");
    }
}

/// A server, ended when the test is over.
pub(crate) struct Served {
    child: Child,
    pub(crate) port: u16,
}

impl Served {
    pub(crate) fn of(folder: &Path) -> Self {
        let mut command = tool(folder, &["report", "serve", "--port", "0"]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).stdin(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let port = line.split("http://127.0.0.1:").nth(1).and_then(|rest| rest.split('/').next());
        let port = port.unwrap_or_else(|| panic!("{line}")).parse().unwrap();
        Self { child, port }
    }

    /// The status line with the head, and the body.
    fn ask(&self, request: &str) -> (String, String) {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let answer = String::from_utf8(answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.to_owned(), body.to_owned())
    }

    fn get(&self, path: &str) -> (String, String) {
        self.ask(&format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n\r\n", self.port))
    }

    /// Waits until the version says something.
    fn until(&self, says: impl Fn(&str) -> bool) {
        let began = Instant::now();
        while !says(&self.get("/__version").1) {
            assert!(began.elapsed() < Duration::from_secs(60), "{}", self.get("/__version").1);
            std::thread::sleep(Duration::from_millis(100));
        }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn the_server_shows_the_pages_and_nothing_else() {
    let repo = orchard();
    repo.write("secret.txt", "not for the web");
    let served = Served::of(repo.root());
    let (head, body) = served.get("/");
    assert!(head.starts_with("HTTP/1.1 200") && head.contains("text/html") && body.contains("<h1>"), "{head}");
    assert!(head.contains("default-src 'none'") && head.contains("nosniff") && body.contains("/__reload.js"), "{head}");
    assert!(served.get("/site.css").0.contains("text/css"));
    for path in
        ["/../secret.txt", "/%2e%2e/secret.txt", "/.quorate-site", "//etc/hostname", "/bodies/", "/x", "/index.html/"]
    {
        assert!(served.get(path).0.starts_with("HTTP/1.1 404"), "{path}");
    }
    let port = served.port;
    let host = |host: &str| served.ask(&format!("GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"));
    assert!(host(&format!("localhost:{port}")).0.starts_with("HTTP/1.1 200"));
    for other in ["evil.example", &format!("evil.example:{port}"), "127.0.0.1", "127.0.0.1.evil.example"] {
        let (head, body) = host(other);
        assert!(head.starts_with("HTTP/1.1 421") && !body.contains("<h1>"), "{other}: {head}");
    }
    let post = format!("POST / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    assert!(served.ask(&post).0.starts_with("HTTP/1.1 405"));
}

#[test]
fn the_server_shows_what_was_edited_and_says_what_is_wrong_with_the_rules() {
    let repo = orchard();
    let served = Served::of(repo.root());
    let first = served.get("/__version").1;
    let body = fs::read_to_string(repo.path("registry/bodies/board.toml")).unwrap();
    repo.write("registry/bodies/board.toml", body.replace("The Board", "Renewed Board"));
    served.until(|says| says != first);
    assert!(served.get("/bodies/board.html").1.contains("Renewed Board"));
    repo.write("rules/broken.toml", "title = ");
    served.until(|says| says.contains("rule"));
    assert!(served.get("/bodies/board.html").1.contains("Renewed Board"), "the last pages stay");
    fs::remove_file(repo.path("rules/broken.toml")).unwrap();
    served.until(|says| says.lines().nth(1).is_none_or(str::is_empty));
}
