//! `quorate report site` and `quorate report serve`: the web site, in a folder or in a browser.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::mpsc,
    time::{Duration, Instant, SystemTime},
};

use super::{Cli, Ending, audit::BUILD, note, print, progress::Progress, report::Options};
use crate::{
    audit::{self, Audit, Cache, Wanted},
    check::{self, Selection},
    day::Day,
    due,
    error::Error,
    finding::{Finding, Level},
    render::Style,
    report::{
        blame::{self, Commit},
        site::{Layout, Material, Site, folder},
    },
    server::Server,
    text::Texts,
    tree::{Opened, Whereabouts},
};

/// The port of `serve` where none is named.
const PORT: u16 = 8016;

/// How often records are looked at for changes, at most.
const LOOK: Duration = Duration::from_millis(300);

/// Writes the site into the folder named.
pub(super) fn run(cli: &Cli, options: &Options, style: &Style) -> Result<Ending, Error> {
    let Some(out) = &options.out else {
        return Err(Error::usage("a site is a folder of pages", "name the folder with `--out DIR`"));
    };
    let maker = Maker::new(cli, options)?;
    maker.make(!options.no_history, |site, texts, found| {
        if site.errors() > 0 && !options.draft {
            let errors: Vec<Finding> = found.iter().filter(|one| one.level == Level::Error).cloned().collect();
            super::report::refuse("site", &errors, texts, style);
            return Ok(Ending::Bad);
        }
        let progress = Progress::new("pages", cli.quiet);
        let written = folder::write(site, out, &|done, of| progress.tick(done, of));
        drop(progress);
        let written = written?;
        print(&format!(
            "{}: {} files, {} of them new or changed, {} removed. Begin with {}.\n",
            out.display(),
            written.files,
            written.changed,
            written.removed,
            out.join("index.html").display()
        ))?;
        Ok(Ending::Good)
    })
}

/// Shows the site, and makes it anew whenever records, rules or templates change.
pub(super) fn serve(cli: &Cli, options: &Options) -> Result<Ending, Error> {
    if options.out.is_some() {
        return Err(Error::usage("`serve` writes no folder", "`quorate report site --out DIR` does"));
    }
    let folder = tempfile::tempdir().map_err(|source| Error::Write { to: "a temporary folder".to_owned(), source })?;
    let maker = Maker::new(cli, options)?;
    let server = Server::open(folder.path().to_owned(), options.port.unwrap_or(PORT))?;
    // What changes from now on is shown anew.
    let before = maker.stamps();
    maker.show(&server, folder.path())?;
    print(&format!("Serving {}, until Ctrl-C. Pages load anew when records change.\n", server.address()))?;
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| server.answer());
        }
        maker.watch(before, || {
            let began = Instant::now();
            match maker.show(&server, folder.path()) {
                Ok(()) => note(&format!("made anew in {} ms", began.elapsed().as_millis())),
                Err(why) => {
                    note(&why.to_string());
                    server.trouble(why.to_string());
                }
            }
        });
    });
    Ok(Ending::Good)
}

/// Makes sites from the same place.
struct Maker<'c> {
    cli: &'c Cli,
    options: &'c Options,
    at: Whereabouts,
}

impl<'c> Maker<'c> {
    fn new(cli: &'c Cli, options: &'c Options) -> Result<Self, Error> {
        options.has_no_format_of_its_own()?;
        Ok(Self { cli, options, at: cli.whereabouts(options.when.at.as_deref()) })
    }

    /// Judges, and hands the site over with what was found.
    fn make<T>(
        &self,
        with_history: bool,
        take: impl FnOnce(&Site<'_>, &Texts, &[Finding]) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let layout = Layout::of(self.options.templates.as_deref())?;
        let opened = self.at.open()?;
        let mut tree = opened.tree()?;
        let on: Day = self.options.day_judged(&tree)?;
        let texts = std::mem::take(&mut tree.texts);
        let (summary, findings, outcomes) = check::judged_each(&mut tree, on, &texts);
        tree.texts = texts;
        let texts = &tree.texts;
        let agenda = due::agenda(&tree, on, due::Within::default(), &Selection::default())?;
        let head = self.head(&opened);
        let history = head.as_deref().filter(|_| with_history).and_then(|head| self.history(&opened, head));
        let changed = head.map_or_else(BTreeMap::new, |head| changed(&opened, &head));
        let material = Material {
            tree: &tree,
            texts,
            on,
            summary,
            findings: &findings,
            outcomes: &outcomes,
            agenda: &agenda,
            history: history.as_ref(),
            changed: &changed,
        };
        take(&Site::new(material, &layout), texts, &findings)
    }

    /// The revision whose history is told; none where there is no commit.
    fn head(&self, opened: &Opened) -> Option<String> {
        let named = self.options.when.at.clone().unwrap_or_else(|| "HEAD".to_owned());
        let has_commits = || Whereabouts { at: Some(named.clone()), ..self.at.clone() }.open().is_ok();
        (opened.source().has_git() && has_commits()).then_some(named)
    }

    /// The history judged; none, with a word on why, where it cannot be.
    fn history(&self, opened: &Opened, head: &str) -> Option<Audit> {
        let mut cache = match audit::cache_folder(opened, None) {
            Ok(folder) => Cache::open(&folder, BUILD),
            Err(_) => Cache::default(),
        };
        let wanted = Wanted { range: Some(head.to_owned()), on: None };
        let at = Whereabouts { at: Some(head.to_owned()), ..self.at.clone() };
        let progress = Progress::new("commits", self.cli.quiet);
        let found = audit::of(&at, &wanted, &mut cache, &|done, of| progress.tick(done, of));
        drop(progress);
        found.map_err(|why| note(&format!("the site tells no history: {why}"))).ok()
    }

    /// Makes the site anew for a server.
    fn show(&self, server: &Server, folder: &Path) -> Result<(), Error> {
        self.make(false, |site, _, _| {
            folder::write(site, folder, &|_, _| {})?;
            server.show(site.addresses());
            Ok(())
        })
    }

    /// Calls whenever a file that the site is made from is another one, for ever.
    fn watch(&self, mut before: Stamps, changed: impl Fn()) {
        let (_never, wait) = mpsc::channel::<()>();
        loop {
            // Looking costs what there is to look at; it takes no more than a tenth of the time.
            let began = Instant::now();
            let now = self.stamps();
            if now != before {
                before = now;
                changed();
            }
            let _ = wait.recv_timeout(LOOK.max(began.elapsed().saturating_mul(10)));
        }
    }

    /// Every file that the site is made from, with its size and the time of its last change.
    fn stamps(&self) -> Stamps {
        let mut all = Stamps::new();
        if let Ok(opened) = self.at.open() {
            let root = opened.source().root();
            stamp(&root.join(opened.registry()), &mut all);
            stamp(&root.join(opened.rules_folder()), &mut all);
        }
        if let Some(folder) = &self.options.templates {
            stamp(folder, &mut all);
        }
        all
    }
}

/// The size of each file and the time of its last change.
type Stamps = BTreeMap<PathBuf, (u64, Option<SystemTime>)>;

fn stamp(folder: &Path, all: &mut Stamps) {
    let mut pending = vec![folder.to_owned()];
    while let Some(folder) = pending.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            // A link is looked at, and not followed.
            let Ok(data) = entry.metadata() else { continue };
            if data.is_dir() {
                pending.push(entry.path());
            } else {
                all.insert(entry.path(), (data.len(), data.modified().ok()));
            }
        }
    }
}

/// The last commit that changed each file; none, with a word on why, where the history does not tell.
fn changed(opened: &Opened, head: &str) -> BTreeMap<String, Commit> {
    blame::files(opened, opened.registry(), head).unwrap_or_else(|why| {
        note(&format!("the site names no commits: {why}"));
        BTreeMap::new()
    })
}

impl Options {
    /// A site has one format, and cites and traces by its links.
    fn has_no_format_of_its_own(&self) -> Result<(), Error> {
        let given = [("--format", self.format.is_some()), ("--cite", self.cite), ("--trace", self.trace.is_some())];
        match given.iter().find(|(_, given)| *given) {
            Some((name, _)) => Err(Error::usage(
                format!("`{name}` says nothing of a site"),
                "leave it out: each fact of a site leads to the record that it is from",
            )),
            None => Ok(()),
        }
    }
}
