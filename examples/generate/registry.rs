//! The fictional registry: its records of all kinds, and what is wrong with some of them.
//!
//! It speaks for 2016-09-30, when most shipped rules say something definite, and claims to be
//! complete. Elections run from September to November, which hold no bank holiday in any calendar,
//! so that no outcome depends on a reading.

use std::{collections::BTreeMap, fmt::Display, fmt::Write};

use quorate::day::Day;

use super::draw::{Draw, FIRST, LAST, PLACES, TRADES, slug, working};

/// What to make.
pub(crate) struct Order {
    pub(crate) records: usize,
    /// How many records break a rule.
    pub(crate) breaches: usize,
    pub(crate) seed: u64,
}

impl Order {
    /// An order of which a share of the records breaks a rule.
    #[allow(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a share of a count"
    )]
    pub(crate) fn new(records: usize, share: f64, seed: u64) -> Self {
        Self { records, breaches: (records as f64 * share.clamp(0.0, 1.0)).round() as usize, seed }
    }
}

/// What was made.
pub(crate) struct Made {
    /// Path below `registry/`, and text; sorted.
    pub(crate) files: Vec<(String, String)>,
    pub(crate) records: usize,
    pub(crate) planted: Vec<Planted>,
}

/// The breaches of one rule that were planted.
pub(crate) struct Planted {
    pub(crate) rule: &'static str,
    pub(crate) level: &'static str,
    /// Those that stand as errors or warnings.
    pub(crate) stands: usize,
    /// Those that a derogation covers.
    pub(crate) derogated: usize,
}

/// What is planted: the rule, its level, how many of a hundred breaches, whether every tenth is
/// covered by a derogation.
const PLANTS: &[(&str, &str, usize, bool)] = &[
    ("registration-data-feeds", "error", 14, true),
    ("registration-data-provider", "error", 8, true),
    ("panel-voter-category", "error", 2, true),
    ("record-reference", "error", 6, false),
    ("record-period", "error", 6, false),
    ("record-key", "error", 4, false),
    ("nominations-close-window", "warning", 4, false),
    ("nomination-window", "warning", 4, false),
    ("consultation-closes-after-opening", "warning", 4, false),
    ("consultation-response-after-closing", "warning", 4, false),
    ("instrument-notified-after-made", "warning", 2, false),
    ("seat-by-its-election", "error", 6, false),
    ("elected-takes-seat", "warning", 4, false),
    ("elected-within-seats", "warning", 4, false),
    ("panel-elected-nominated", "warning", 1, false),
    ("panel-re-elected", "warning", 1, false),
    ("panel-one-vote", "warning", 1, false),
    ("sub-committee-election-contest", "warning", 1, false),
    ("ballot-length", "warning", 1, false),
    ("panel-notice", "warning", 2, false),
    ("panel-quorum", "warning", 2, false),
    ("panel-votes", "warning", 2, false),
    ("meeting-numbers", "warning", 1, false),
    ("modification-path", "error", 4, false),
    ("modification-lifecycle", "error", 4, false),
    ("modification-referral-window", "warning", 4, false),
    ("fast-track-proposer", "error", 4, false),
];

/// The fewest records: the known bodies and their seats have to fit.
const LEAST: usize = 500;

/// Makes the records.
pub(crate) fn make(order: &Order) -> Result<Made, String> {
    if order.records < LEAST {
        return Err(format!("a registry of all kinds takes at least {LEAST} records"));
    }
    let mut maker = Maker::new(order);
    maker.sources();
    maker.organisations();
    maker.parties();
    maker.people();
    maker.bodies();
    maker.elections();
    maker.seats();
    maker.meetings();
    maker.modifications();
    maker.releases();
    maker.instruments();
    maker.consultations();
    maker.deliverables();
    maker.publications();
    maker.derogations();
    maker.signers();
    maker.events(order.records);
    let made = maker.finish();
    if made.records == order.records { Ok(made) } else { Err(format!("it took {} records", made.records)) }
}

fn day(year: i32, month: u32, of_month: u32) -> Day {
    Day::new(year, month, of_month).unwrap_or(Day::EARLIEST)
}

fn start() -> Day {
    day(2013, 9, 23)
}

fn position() -> Day {
    day(2016, 9, 30)
}

/// The text of one record.
struct Sheet(String);

impl Sheet {
    /// A value as it stands: a day, a number, `true`, an inline table.
    fn raw(mut self, key: &str, value: impl Display) -> Self {
        let _ = writeln!(self.0, "{key} = {value}");
        self
    }

    fn text(self, key: &str, value: &str) -> Self {
        self.raw(key, format!("\"{value}\""))
    }

    fn strings<T: AsRef<str>>(self, key: &str, values: &[T]) -> Self {
        self.raw(key, strings(values))
    }

    /// A list of tables, one a line; nothing where it is empty.
    fn list(mut self, key: &str, entries: &[String]) -> Self {
        if !entries.is_empty() {
            let _ = writeln!(self.0, "{key} = [\n  {{ {} }},\n]", entries.join(" },\n  { "));
        }
        self
    }

    fn when(self, so: bool, add: impl FnOnce(Self) -> Self) -> Self {
        if so { add(self) } else { self }
    }
}

fn strings<T: AsRef<str>>(values: &[T]) -> String {
    let quoted: Vec<String> = values.iter().map(|one| format!("\"{}\"", one.as_ref())).collect();
    format!("[{}]", quoted.join(", "))
}

struct Party {
    id: String,
    category: &'static str,
    /// A Party from the start, of one category, in no group: good for a seat or a vote.
    plain: bool,
}

struct Body {
    id: String,
    short: String,
    seats: Vec<Seat>,
}

struct Seat {
    stem: String,
    constituency: String,
    holder: String,
    from: Day,
}

/// Somebody elected to a body without rules, whose tenure is still to be written.
struct Won {
    body: usize,
    constituency: &'static str,
    holder: String,
    election: String,
}

/// One election to be written.
struct Call {
    id: String,
    body: usize,
    constituency: &'static str,
    year: i32,
    winners: Vec<String>,
    seats: usize,
    reason: &'static str,
    /// The rule that it breaks.
    fault: Option<&'static str>,
}

/// A proposal, as far as it went.
struct Proposal {
    id: String,
    proposer: String,
    raised: Day,
    path: &'static str,
    authority_led: bool,
    fast_track: bool,
    steps: Vec<(&'static str, &'static str, Day)>,
    planned: Option<(&'static str, &'static str, Day)>,
    /// The number and the day of the release that carries it.
    release: Option<(usize, Day)>,
}

/// Bodies that rules name, with the first day of each.
const KNOWN: &[(&str, &str)] = &[
    ("panel", "2013-09-23"),
    ("change-board", "2013-12-02"),
    ("change-sub-committee", "2014-03-03"),
    ("tabasc", "2015-11-02"),
    ("ssc", "2013-11-04"),
    ("smki-pma", "2013-11-04"),
    ("tag", "2014-01-06"),
    ("operations-group", "2017-07-03"),
    ("secco-board", "2013-09-23"),
];

/// The seats of the bodies that a rule limits: body, constituency, how many.
const LIMITED: &[(&str, &str, usize)] = &[
    ("panel", "chair", 1),
    ("panel", "large-supplier", 2),
    ("panel", "small-supplier", 2),
    ("panel", "electricity-network", 1),
    ("panel", "gas-network", 1),
    ("panel", "other-sec-party", 2),
    ("panel", "dcc", 1),
    ("panel", "consumer", 2),
    ("change-board", "consumer", 1),
    ("change-board", "small-supplier", 3),
    ("change-board", "network", 3),
    ("change-board", "other-sec-party", 3),
    ("ssc", "chair", 1),
    ("ssc", "large-supplier", 6),
    ("ssc", "small-supplier", 2),
    ("ssc", "network", 2),
    ("smki-pma", "chair", 1),
    ("smki-pma", "large-supplier", 2),
    ("smki-pma", "small-supplier", 1),
    ("smki-pma", "network", 1),
    ("smki-pma", "ssc-representative", 1),
    ("smki-pma", "tabasc-representative", 1),
    ("tabasc", "chair", 1),
    ("tabasc", "large-supplier", 3),
    ("tabasc", "small-supplier", 2),
    ("tabasc", "gas-network", 1),
    ("tabasc", "other-sec-party", 1),
];

/// The seats of the limited bodies that nobody is elected to.
const UNELECTED: &[&str] = &["chair", "dcc", "consumer", "ssc-representative", "tabasc-representative"];

/// The fault that an election to a body with rules carries, while faults are to be planted.
const ELECTION_FAULTS: &[(&str, &str, &str)] = &[
    ("panel", "large-supplier", "panel-voter-category"),
    ("panel", "other-sec-party", "panel-voter-category"),
    ("panel", "small-supplier", "panel-re-elected"),
    ("panel", "electricity-network", "panel-one-vote"),
    ("panel", "gas-network", "panel-elected-nominated"),
    ("smki-pma", "small-supplier", "sub-committee-election-contest"),
    ("smki-pma", "large-supplier", "sub-committee-election-contest"),
    ("ssc", "small-supplier", "ballot-length"),
    ("ssc", "large-supplier", "ballot-length"),
];

/// The constituencies of seats in bodies without rules.
const OPEN: &[&str] = &[
    "large-supplier",
    "small-supplier",
    "electricity-network",
    "gas-network",
    "other-sec-party",
    "consumer",
    "appointee",
];

struct Maker {
    draw: Draw,
    records: usize,
    /// How many of each kind of breach are still to be planted, and how many were.
    plants: BTreeMap<&'static str, (usize, usize)>,
    /// Rule and subject of the breaches that a derogation is to cover.
    covered: Vec<(&'static str, String)>,
    files: Vec<(String, String)>,
    sources: Vec<String>,
    holdings: Vec<String>,
    providers: Vec<String>,
    parties: Vec<Party>,
    people: Vec<String>,
    /// People of whom each is employed by a plain Party of its own, and the first not yet seated.
    distinct: Vec<String>,
    seated: usize,
    /// Some of them, kept for the seats of the PMA that nobody is elected to.
    kept: Vec<String>,
    bodies: Vec<Body>,
    meetings: Vec<(String, usize)>,
    modifications: Vec<(String, Day)>,
    /// Those that no Change Board decided, so that no meeting had to follow their consultation.
    undecided: Vec<String>,
    /// The day of each release, and the modifications that it carries.
    release_plan: Vec<(Day, Vec<String>)>,
    won: Vec<Won>,
    /// Who was elected to the seats of a limited body and constituency, and by which election.
    elected: BTreeMap<(&'static str, &'static str), (String, Vec<String>)>,
}

impl Maker {
    fn new(order: &Order) -> Self {
        let share = |percent: usize| (order.breaches * percent).div_ceil(100);
        let plants = PLANTS.iter().map(|(rule, _, percent, _)| (*rule, (share(*percent), 0))).collect();
        Self {
            draw: Draw::new(order.seed),
            records: order.records,
            plants,
            covered: Vec::new(),
            files: Vec::with_capacity(order.records + 1),
            sources: Vec::new(),
            holdings: Vec::new(),
            providers: Vec::new(),
            parties: Vec::new(),
            people: Vec::new(),
            distinct: Vec::new(),
            seated: 0,
            kept: Vec::new(),
            bodies: Vec::new(),
            meetings: Vec::new(),
            modifications: Vec::new(),
            undecided: Vec::new(),
            release_plan: Vec::new(),
            won: Vec::new(),
            elected: BTreeMap::new(),
        }
    }

    /// So many of a thousand records, at least one.
    fn share(&self, per_mille: usize) -> usize {
        (self.records * per_mille / 1000).max(1)
    }

    /// Whether a record that can carry such a breach shall: about every second does until enough do.
    fn plants(&mut self, rule: &'static str) -> bool {
        self.draw.percent(50) && self.plants_now(rule)
    }

    /// Plants a breach in the first record that can carry it, for those few that can.
    fn plants_now(&mut self, rule: &'static str) -> bool {
        let wanted = self.plants.get(rule).is_some_and(|(left, _)| *left > 0);
        if let (true, Some((left, made))) = (wanted, self.plants.get_mut(rule)) {
            *left -= 1;
            *made += 1;
        }
        wanted
    }

    /// Plants a breach of a rule by a record; every tenth is to be covered by a derogation.
    fn plants_in(&mut self, rule: &'static str, subject: &str) -> bool {
        let planted = self.plants(rule);
        let made = self.plants.get(rule).map_or(0, |(_, made)| *made);
        if planted && made % 10 == 5 {
            self.covered.push((rule, subject.to_owned()));
        }
        planted
    }

    fn cited(&mut self) -> Sheet {
        let count = 1 + usize::from(self.draw.percent(20));
        let keys: Vec<String> = self.draw.some(&self.sources, count).into_iter().cloned().collect();
        Sheet(String::new()).strings("source", &keys)
    }

    fn add(&mut self, path: &str, sheet: Sheet) {
        self.files.push((format!("{path}.toml"), sheet.0));
    }

    fn sources(&mut self) {
        for at in 0..self.share(15) {
            let id = format!("minutes-{at:05}");
            let date = self.draw.weekday(start(), position());
            let sheet = Sheet(String::new())
                .text("title", &self.draw.sentence(6))
                .raw("date", date)
                .text("url", &format!("https://example.org/papers/{id}"))
                .raw("read", date.plus_days(14))
                .text("summary", &self.draw.sentence(20));
            self.add(&format!("sources/{id}"), sheet);
            self.sources.push(id);
        }
    }

    fn organisations(&mut self) {
        for (id, name) in
            [("authority", "The Authority"), ("secas", "The Secretariat"), ("secretary-of-state", "The Minister")]
        {
            let sheet = self.cited().text("name", name);
            self.add(&format!("organisations/{id}"), sheet);
        }
        for at in 0..self.share(40) {
            let is_provider = at % 8 == 0;
            let trade = if is_provider { "Registration Services" } else { "Holdings" };
            let name = format!("{} {trade} {at}", self.draw.pick(PLACES));
            let id = slug(&name);
            // A holding may belong to the one before it: groups are trees of several steps.
            let parent = self.holdings.last().filter(|_| !is_provider).cloned().filter(|_| self.draw.percent(12));
            let from = self.draw.weekday(start(), position());
            let sheet = self
                .cited()
                .text("name", &name)
                .text("short", &name.chars().filter(char::is_ascii_uppercase).collect::<String>())
                .text("number", &format!("{:08}", 20_000_000 + at))
                .list(
                    "affiliation",
                    &parent.map(|with| format!("with = \"{with}\", from = {from}")).into_iter().collect::<Vec<_>>(),
                )
                .text("summary", &self.draw.sentence(40))
                .text("url", &format!("https://example.org/{id}"));
            self.add(&format!("organisations/{id}"), sheet);
            if is_provider { self.providers.push(id) } else { self.holdings.push(id) }
        }
    }

    fn parties(&mut self) {
        let sheet = self
            .cited()
            .text("name", "The Data Company")
            .list("category", &[format!("is = \"dcc\", from = {}", start())]);
        self.add("parties/dcc", sheet);
        for at in 0..self.share(140) {
            let category = match at % 40 {
                0 => "large-supplier",
                1..=10 => "small-supplier",
                11..=18 => "electricity-network",
                19..=25 => "gas-network",
                _ => "other-sec-party",
            };
            let name = format!("{} {} {at}", self.draw.pick(PLACES), self.draw.pick(TRADES));
            self.party(&name, category, at);
        }
    }

    fn party(&mut self, name: &str, category: &'static str, at: usize) {
        let id = slug(name);
        let plain = category == "large-supplier" || at.is_multiple_of(3);
        let acceded = if plain { start() } else { self.draw.weekday(start(), day(2016, 8, 31)) };
        let is_network = category.ends_with("network");
        let mut categories = vec![format!("is = \"{category}\", from = {acceded}")];
        if category == "other-sec-party" && !plain && self.draw.percent(10) {
            let changed = self.draw.weekday(acceded.plus_days(1), position());
            categories = vec![
                format!("is = \"small-supplier\", from = {acceded}, until = {changed}, note = \"its licence lapsed\""),
                format!("is = \"other-sec-party\", from = {changed}"),
            ];
        }
        let mut affiliations = Vec::new();
        if !plain && self.draw.percent(60) {
            let with = self.draw.pick(&self.holdings).clone();
            let until = if self.draw.percent(10) {
                format!(", until = {}", self.draw.weekday(acceded.plus_days(1), position()))
            } else {
                String::new()
            };
            affiliations.push(format!("with = \"{with}\", from = {acceded}{until}"));
        }
        let left = (!plain && !is_network && self.draw.percent(6))
            .then(|| self.draw.weekday(acceded.plus_days(1), position()));
        let feeds = if is_network { self.feeds(&id, acceded) } else { Vec::new() };
        let formerly = if self.draw.percent(15) {
            vec![format!("name = \"{} Trading {at}\", until = {acceded}", self.draw.pick(PLACES))]
        } else {
            Vec::new()
        };
        let contacts: Vec<String> = ["operations", "security", "testing"]
            .iter()
            .map(|what| format!("for = \"{what}\", from = {acceded}"))
            .collect();
        let sheet = self
            .cited()
            .text("name", &format!("{name} Limited"))
            .text("number", &format!("{:08}", 10_000_000 + at))
            .raw("acceded", acceded)
            .list("formerly", &formerly)
            .list("category", &categories)
            .list("affiliation", &affiliations)
            .list("contact", &contacts)
            .list("registration-data", &feeds)
            .when(left.is_some(), |sheet| {
                sheet.raw("left", format!("{{ on = {}, how = \"withdrawn\" }}", left.unwrap_or(acceded)))
            })
            .text("summary", &self.draw.sentence(30))
            .text("url", &format!("https://example.org/{id}"));
        self.add(&format!("parties/{id}"), sheet);
        self.parties.push(Party { id, category, plain });
    }

    /// The feeds of a network: both that the variation under X6 asks for, from one provider.
    fn feeds(&mut self, id: &str, acceded: Day) -> Vec<String> {
        let subject = format!("parties/{id}");
        let provider = self.draw.pick(&self.providers).clone();
        let mut feeds = vec![
            format!("provider = \"{provider}\", feed = \"transitional\", from = {acceded}"),
            format!("provider = \"{provider}\", feed = \"full\", from = 2016-09-28"),
        ];
        if self.plants_in("registration-data-feeds", &subject) {
            feeds.pop();
        } else if self.providers.len() > 1 && self.plants_in("registration-data-provider", &subject) {
            let other = self.providers.iter().find(|other| **other != provider).cloned().unwrap_or_default();
            feeds[1] = feeds[1].replace(&provider, &other);
        }
        feeds
    }

    fn people(&mut self) {
        // One for each plain Party, so that seats of one body need share no employer.
        let plain: Vec<(String, &str)> =
            self.parties.iter().filter(|party| party.plain).map(|party| (party.id.clone(), party.category)).collect();
        let total = self.share(190);
        for at in 0..total {
            let name = format!("{} {}", self.draw.pick(FIRST), self.draw.pick(LAST));
            let id = format!("{}-{at}", slug(&name));
            let from = self.draw.weekday(day(2011, 1, 3), start());
            let employer = plain.get(at).map_or_else(|| self.draw.pick(&self.parties).id.clone(), |(id, _)| id.clone());
            let mut employment = vec![format!("by = \"{employer}\", from = {from}")];
            if at >= plain.len() {
                if self.draw.percent(25) {
                    let moved = self.draw.weekday(start().plus_days(1), position());
                    let next = self.draw.pick(&self.parties).id.clone();
                    employment[0] = format!("by = \"{employer}\", from = {from}, until = {moved}");
                    employment.push(format!("by = \"{next}\", from = {moved}"));
                }
                if self.plants("record-period") {
                    employment[0] = format!("by = \"{employer}\", from = {from}, until = {}", from.plus_days(-30));
                }
                self.people.push(id.clone());
            } else {
                self.distinct.push(id.clone());
            }
            let sheet = self
                .cited()
                .text("name", &name)
                .list("employment", &employment)
                .text("summary", &self.draw.sentence(30));
            self.add(&format!("people/{id}"), sheet);
        }
        self.kept = self.distinct.drain(..3.min(self.distinct.len())).collect();
        for body in ["panel", "ssc", "smki-pma", "tabasc"] {
            let sheet = self.cited().text("name", &format!("Chair Of {body}")).raw("employment", "[]");
            self.add(&format!("people/{body}-chair"), sheet);
        }
    }

    fn bodies(&mut self) {
        for (id, established) in KNOWN {
            let sheet = self
                .cited()
                .text("name", &format!("The {id}"))
                .text("short", &id.to_uppercase())
                .raw("established", established)
                .text("summary", &self.draw.sentence(20));
            self.add(&format!("bodies/{id}"), sheet);
            self.bodies.push(Body { id: (*id).to_owned(), short: id.to_uppercase(), seats: Vec::new() });
        }
        for at in 0..self.share(4) {
            let name = format!("{} Working Group {at}", self.draw.pick(PLACES));
            let id = slug(&name);
            let established = self.draw.weekday(start(), day(2014, 6, 30));
            let sheet = self
                .cited()
                .text("name", &name)
                .text("short", &format!("WG{at}"))
                .text("parent", "panel")
                .raw("established", established)
                .list("formerly", &[format!("name = \"Issues Group {at}\", until = {established}")])
                .text("summary", &self.draw.sentence(40));
            self.add(&format!("bodies/{id}"), sheet);
            self.bodies.push(Body { id, short: format!("WG{at}"), seats: Vec::new() });
        }
    }

    /// One election for each constituency of the bodies with rules, the others for bodies without.
    fn elections(&mut self) {
        let mut elected: Vec<_> =
            LIMITED.iter().filter(|(body, word, _)| *body != "change-board" && !UNELECTED.contains(word)).collect();
        // No two members of the PMA share an employer: they are chosen while all are to be had.
        elected.sort_by_key(|(body, ..)| *body != "smki-pma");
        for (body, constituency, seats) in &elected {
            self.ruled_election(body, constituency, *seats);
        }
        for at in elected.len()..self.share(45) {
            self.open_election(at);
        }
    }

    fn ruled_election(&mut self, body: &'static str, constituency: &'static str, seats: usize) {
        let year = if body == "tabasc" { 2015 } else { 2014 };
        let id = format!("{body}-{year}-{constituency}");
        let winners: Vec<String> = (0..seats).map(|_| self.next_holder()).collect();
        let fault = ELECTION_FAULTS.iter().find(|(one, word, _)| (*one, *word) == (body, constituency));
        let fault = fault.map(|(.., rule)| *rule).filter(|rule| self.plants_now(rule));
        let at = self.bodies.iter().position(|one| one.id == body).unwrap_or(0);
        let waiting = winners.iter().rev().cloned().collect();
        self.elected.insert((body, constituency), (id.clone(), waiting));
        self.election(&Call { id, body: at, constituency, year, winners, seats, reason: "first", fault });
    }

    fn open_election(&mut self, at: usize) {
        let known = KNOWN.len();
        let body = known + self.draw.below(self.bodies.len() - known);
        let year = *self.draw.pick(&[2014, 2015]);
        let id = format!("{}-{year}-{at}", self.bodies[body].id);
        let constituency = *self.draw.pick(OPEN);
        let faults = ["nominations-close-window", "nomination-window", "elected-within-seats", "elected-takes-seat"];
        let fault = faults.into_iter().find(|rule| self.plants(rule));
        let count = 1 + usize::from(fault == Some("elected-within-seats"));
        let winners: Vec<String> = self.draw.some(&self.people, count).into_iter().cloned().collect();
        if fault == Some("elected-takes-seat") {
            // A tenure that does not say by which election it came might be by this one.
            self.people.retain(|person| !winners.contains(person));
        } else {
            let won = |holder: &String| Won { body, constituency, holder: holder.clone(), election: id.clone() };
            self.won.extend(winners.iter().map(won));
        }
        let reason = if at.is_multiple_of(5) { "vacancy" } else { "term-expiry" };
        self.election(&Call { id, body, constituency, year, winners, seats: 1, reason, fault });
    }

    fn election(&mut self, call: &Call) {
        let constituency = call.constituency;
        let is = |rule: &str| call.fault == Some(rule);
        let called = self.draw.weekday(day(call.year, 9, 2), day(call.year, 9, 19));
        let close = working(called, if is("nominations-close-window") { 16 } else { 15 });
        let opened = working(close, 6);
        let length = if is("ballot-length") { 12 } else { 4 + self.draw.below(7) };
        let closed = working(opened, i32::try_from(length).unwrap_or(10));
        // Always more nominees than seats, so that there is a ballot.
        let count = 2 + self.draw.below(4);
        let others: Vec<String> = self
            .draw
            .some(&self.people, count + call.winners.len())
            .into_iter()
            .filter(|person| !call.winners.contains(person))
            .take(count)
            .cloned()
            .collect();
        let mut nominations = Vec::new();
        let unnamed = usize::from(is("panel-elected-nominated"));
        let late = is("nomination-window");
        for (at, person) in call.winners.iter().skip(unnamed).chain(&others).enumerate() {
            let last = at + 1 + unnamed == call.winners.len() + others.len();
            let received =
                if late && last { working(called, 17) } else { self.draw.weekday(called, working(called, 15)) };
            let by = self.draw.pick(&self.parties).id.clone();
            nominations.push(format!(
                "candidate = \"{person}\", constituency = \"{constituency}\", nominated-by = \"{by}\", received = {received}"
            ));
        }
        let votes = self.votes(call, &others);
        // Where there are no voters of such a category, the ballot is secret: `vote` is left out.
        let votes = if votes.is_empty() { String::new() } else { format!(", vote = [{}]", votes.join(", ")) };
        let ballot = format!("{{ opened = {opened}, closed = {closed}{votes} }}");
        let announced = working(closed, 2);
        let how = if is("sub-committee-election-contest") { "unopposed" } else { "vote" };
        let again = if is("panel-re-elected") {
            format!(", re-elected = {}", strings(&call.winners[..1]))
        } else {
            String::new()
        };
        let sheet = self
            .cited()
            .text("body", &self.bodies[call.body].id)
            .text("reason", call.reason)
            .raw("called", called)
            .raw("nominations-close", close)
            .list(
                "seats-up",
                &[format!("constituency = \"{constituency}\", seats = {}, term = \"two years\"", call.seats)],
            )
            .list("nomination", &nominations)
            .raw("ballot", ballot)
            .list(
                "result",
                &[format!(
                    "constituency = \"{constituency}\", elected = {}{again}, how = \"{how}\", announced = {announced}",
                    strings(&call.winners)
                )],
            );
        self.add(&format!("elections/{}", call.id), sheet);
    }

    /// Votes of plain Parties of the constituency, each for its own Voting Group: none for anybody but
    /// the winners, or one where each winner has two.
    fn votes(&mut self, call: &Call, others: &[String]) -> Vec<String> {
        let (winners, constituency) = (&call.winners, call.constituency);
        let is = |rule: &str| call.fault == Some(rule);
        let can_vote = |party: &&Party| party.plain && party.category == constituency;
        let voters: Vec<String> = self.parties.iter().filter(can_vote).take(40).map(|party| party.id.clone()).collect();
        let count = 2 * winners.len() + 1;
        let mut chosen: Vec<String> = voters.into_iter().take(count).collect();
        if chosen.len() < winners.len() {
            chosen.clear();
        }
        let lost = chosen.len() == count;
        if is("panel-voter-category") {
            let other = self.parties.iter().find(|party| party.plain && party.category != constituency);
            let other = other.map_or_else(String::new, |party| party.id.clone());
            // Its vote comes first, so that nobody's lead hangs on it.
            chosen.insert(0, other);
            let subject = format!("elections/{}", call.id);
            if self.plants.get("panel-voter-category").is_some_and(|(_, made)| made % 10 == 5) {
                self.covered.push(("panel-voter-category", subject));
            }
        }
        if is("panel-one-vote") {
            chosen.insert(0, chosen[0].clone());
        }
        let last = chosen.len().saturating_sub(1);
        let vote = |(at, group): (usize, &String)| {
            let person = if lost && at == last { others.first() } else { winners.get(at % winners.len()) };
            let person = person.map_or("", String::as_str);
            format!("{{ voting-group = \"{group}\", constituency = \"{constituency}\", for = \"{person}\" }}")
        };
        chosen.iter().enumerate().map(vote).collect()
    }

    fn seats(&mut self) {
        let mut count = 0;
        for (body, constituency, seats) in LIMITED {
            for number in 1..=*seats {
                self.limited_seat(body, constituency, number);
                count += 1;
            }
        }
        let large: Vec<String> = self
            .parties
            .iter()
            .filter(|party| party.category == "large-supplier")
            .map(|party| party.id.clone())
            .collect();
        for party in large.iter().take(self.records / 40) {
            let holder = self.next_holder();
            let from = self.draw.weekday(day(2014, 1, 6), day(2015, 6, 1));
            let sheet = self.cited().text("constituency", "large-supplier").text("voting-group", party).list(
                "tenure",
                &[format!("holder = \"{holder}\", from = {from}, by = {{ nomination-by = \"{party}\" }}")],
            );
            self.seat("change-board", format!("for-{party}"), "large-supplier", holder, from, sheet);
            count += 1;
        }
        let won = std::mem::take(&mut self.won);
        let known = KNOWN.len();
        for at in count..self.share(150).max(count + won.len()) {
            let body = known + at % (self.bodies.len() - known);
            self.open_seat(body, at, &won, won.get(at - count));
        }
    }

    /// Somebody whom no other seat of the limited bodies has, employed by a Party of nobody else there.
    fn next_holder(&mut self) -> String {
        self.seated += 1;
        let one = self.distinct.get(self.seated - 1).cloned().or_else(|| self.people.pop());
        one.unwrap_or_else(|| "vacant".to_owned())
    }

    /// The same for one body: no two members of the PMA, nor an Alternate, share an employer.
    fn next_of(&mut self, body: &str) -> String {
        let kept = if body == "smki-pma" { self.kept.pop() } else { None };
        kept.unwrap_or_else(|| self.next_holder())
    }

    fn seat(&mut self, body: &str, stem: String, constituency: &str, holder: String, from: Day, sheet: Sheet) {
        self.add(&format!("seats/{body}/{stem}"), sheet);
        if let Some(body) = self.bodies.iter_mut().find(|one| one.id == body) {
            body.seats.push(Seat { stem, constituency: constituency.to_owned(), holder, from });
        }
    }

    /// A seat of a body that rules limit, with a term as they want it.
    fn limited_seat(&mut self, body: &str, constituency: &str, number: usize) {
        let won = self.elected.iter_mut().find(|((one, word), _)| (*one, *word) == (body, constituency));
        let won = won.and_then(|(_, (election, waiting))| Some((election.clone(), waiting.pop()?)));
        let (holder, by) = match won {
            Some((election, holder)) => (holder, format!(", by = {{ election = \"{election}\" }}")),
            None if constituency == "chair" => {
                (format!("{body}-chair"), ", by = { appointment-by = \"panel\" }".to_owned())
            }
            // Who nominates them is no record of this registry.
            None if body == "panel" => (self.next_of(body), String::new()),
            None => (self.next_of(body), ", by = { appointment-by = \"panel\" }".to_owned()),
        };
        // Whether a Panel term lasts one year or two is a matter of reading, so its end is left out.
        let (from, months) = match (body, constituency) {
            ("panel", _) => (day(2014, 11, 17), None),
            ("tabasc", _) => (day(2015, 11, 16), Some(12)),
            (_, "chair") => (self.draw.weekday(day(2014, 10, 1), day(2014, 11, 14)), Some(36)),
            ("change-board", _) => (self.draw.weekday(day(2014, 1, 6), day(2014, 11, 14)), None),
            // 35 Working Days before its end have not begun on the day judged.
            _ => (day(2014, 12, 15), Some(24)),
        };
        let due = months.map_or(String::new(), |months| format!(", due-to-end = {}", from.plus_months(months)));
        let alternate = if body == "smki-pma" && number == 2 || (body, constituency) == ("panel", "chair") {
            format!(", alternate = [{{ person = \"{}\", from = {from} }}]", self.next_of(body))
        } else {
            String::new()
        };
        let sheet = self
            .cited()
            .text("constituency", constituency)
            .list("tenure", &[format!("holder = \"{holder}\", from = {from}{due}{by}{alternate}")])
            .text("summary", &self.draw.sentence(20));
        self.seat(body, format!("{constituency}-{number}"), constituency, holder, from, sheet);
    }

    /// A seat of a body without rules, with its history: whoever was elected took one.
    fn open_seat(&mut self, body: usize, at: usize, all: &[Won], won: Option<&Won>) {
        let body = won.map_or(body, |won| won.body);
        let constituency = won.map_or_else(|| *self.draw.pick(OPEN), |won| won.constituency);
        let mut from = self.draw.weekday(start(), day(2014, 6, 30));
        let mut tenures = Vec::new();
        let mut holder = self.draw.pick(&self.people).clone();
        let past = if won.is_some() { 1 } else { self.draw.below(3) };
        for past in 0..past {
            let ended = match won {
                // Every election is over by then.
                Some(won) if won.election.contains("-2014-") => day(2014, 12, 1),
                Some(_) => day(2015, 12, 1),
                None => self.draw.weekday(from.plus_days(60), from.plus_days(240)),
            };
            tenures.push(format!("holder = \"{holder}\", from = {from}, ended = {ended}, by = {{ nomination-by = \"panel\" }}, note = \"term {past}\""));
            from = ended;
            holder.clone_from(self.draw.pick(&self.people));
        }
        let by = if let Some(won) = won {
            holder.clone_from(&won.holder);
            format!("election = \"{}\"", won.election)
        } else {
            // An election that elected somebody else.
            let other = all.iter().find(|one| one.body == body && one.holder != holder);
            match other.filter(|_| self.plants("seat-by-its-election")) {
                Some(other) => format!("election = \"{}\"", other.election),
                None => "appointment-by = \"panel\"".to_owned(),
            }
        };
        let alternate = if self.draw.percent(30) {
            format!(", alternate = [{{ person = \"{}\", from = {from} }}]", self.draw.pick(&self.people))
        } else {
            String::new()
        };
        tenures.push(format!(
            "holder = \"{holder}\", from = {from}, due-to-end = {}, by = {{ {by} }}{alternate}",
            from.plus_months(24)
        ));
        let sheet = self
            .cited()
            .text("constituency", constituency)
            .text("role", &self.draw.sentence(3))
            .list("tenure", &tenures)
            .text("summary", &self.draw.sentence(30));
        let name = self.bodies[body].id.clone();
        self.seat(&name, format!("{constituency}-{at}"), constituency, holder, from, sheet);
    }

    /// The Panel and the PMA meet monthly, the SSC twice a month; the other meetings are spread.
    fn meetings(&mut self) {
        let total = self.share(130);
        let months = (total / 7).min(25);
        let mut left = total - 4 * months;
        for (body, times) in [(0, 1), (4, 2), (5, 1)] {
            self.meetings_by_month(body, times, months);
        }
        let others: Vec<usize> = [1, 3].into_iter().chain(KNOWN.len()..self.bodies.len()).collect();
        for (at, body) in others.iter().enumerate() {
            let count = left / (others.len() - at);
            left -= count;
            // The TABASC has members from November 2015.
            let first = if *body == 3 { day(2015, 11, 23) } else { day(2014, 12, 8) };
            self.meetings_of(*body, first, count.min(200));
        }
    }

    /// So many meetings in each of the months up to December 2016.
    fn meetings_by_month(&mut self, body: usize, times: usize, months: usize) {
        for month in 0..months {
            let back = i32::try_from(months - 1 - month).unwrap_or(0);
            let first = day(2016, 12, 1).plus_months(-back);
            for time in 0..times {
                let planned = working(first, if time == 0 { 6 } else { 14 });
                self.meeting(body, month * times + time + 1, planned, month + 1 == months && time + 1 == times);
            }
        }
    }

    /// The meetings of a body, evenly spread, numbered one after another.
    fn meetings_of(&mut self, body: usize, first: Day, count: usize) {
        let span = usize::try_from(day(2016, 12, 30).days_since(first)).unwrap_or(0);
        let mut last = first;
        for number in 1..=count {
            let mut planned = first.plus_days(i32::try_from(span * number / count).unwrap_or(0));
            while planned.is_weekend() || planned <= last {
                planned = planned.plus_days(1);
            }
            last = planned;
            self.meeting(body, number, planned, false);
        }
    }

    fn meeting(&mut self, body: usize, number: usize, planned: Day, last: bool) {
        let held = planned <= position();
        let name = self.bodies[body].id.clone();
        let panel = body == 0;
        // Every third meeting at most is a bad one, so that no member stays away from half of them.
        let faults = ["panel-notice", "panel-quorum", "panel-votes"];
        let may = panel && held && number.is_multiple_of(3);
        let fault = faults.into_iter().find(|rule| may && self.plants_now(rule));
        // The last number is used twice: no gap follows.
        let again = panel && last && number > 1 && self.plants_now("meeting-numbers");
        let number = if again { number - 1 } else { number };
        let seats: Vec<&Seat> = self.bodies[body]
            .seats
            .iter()
            .filter(|seat| held && seat.from <= planned && seat.holder != "vacant")
            .take(14)
            .collect();
        // Another member is away each time, never the one in the chair.
        let away = if seats.len() > 3 { 1 + number % (seats.len() - 1) } else { usize::MAX };
        let kept = if fault == Some("panel-quorum") { 3 } else { usize::MAX };
        let here: Vec<&Seat> =
            seats.into_iter().enumerate().filter(|(at, _)| *at != away).map(|(_, seat)| seat).take(kept).collect();
        let present: Vec<String> = here
            .iter()
            .map(|seat| format!("seat = \"{}\", person = \"{}\", as = \"member\"", seat.stem, seat.holder))
            .collect();
        let mut sides: BTreeMap<&str, usize> = BTreeMap::new();
        for seat in here.iter().filter(|seat| seat.constituency != "chair") {
            *sides.entry(&seat.constituency).or_default() += 1;
        }
        let lost = fault == Some("panel-votes");
        let split = |count: &usize| if lost { (0, *count) } else { (*count, 0) };
        let votes: Vec<String> = sides
            .iter()
            .map(|(word, count)| (word, split(count)))
            .map(|(word, (pro, con))| {
                format!("{{ constituency = \"{word}\", for = {pro}, against = {con}, abstained = 0 }}")
            })
            .collect();
        let mut items: Vec<String> = Vec::new();
        if body < KNOWN.len() && !votes.is_empty() {
            let title = format!("Decision {number}");
            items.push(format!(
                "title = \"{title}\", asked = \"decide\", outcome = \"approved\", vote = [{}]",
                votes.join(", ")
            ));
        }
        for _ in 0..2 + self.draw.below(3) {
            let outcome = if held { ", outcome = \"noted\"" } else { "" };
            items.push(format!("title = \"{}\", asked = \"note\"{outcome}", self.draw.sentence(6)));
        }
        let notice = if fault == Some("panel-notice") { -2 } else { -15 };
        let sheet = self
            .cited()
            .raw("number", number)
            .raw("planned", planned)
            .when(held, |sheet| sheet.raw("held", planned))
            .raw("notice-given", working(planned, notice))
            .when(held && planned < day(2016, 9, 1), |sheet| {
                sheet.raw("minutes", format!("{{ published = {} }}", working(planned, 10)))
            })
            .list("attendance", &present)
            .list("item", &items);
        let id = format!("{name}/{planned}");
        self.add(&format!("meetings/{id}"), sheet);
        self.meetings.push((id, number));
    }

    fn modifications(&mut self) {
        let total = self.share(80);
        let (first, last) = (day(2013, 11, 4), day(2016, 9, 1));
        let span = usize::try_from(last.days_since(first)).unwrap_or(0);
        let mut made: Vec<Proposal> = Vec::with_capacity(total);
        for at in 1..=total {
            let raised = first.plus_days(i32::try_from(span * (at - 1) / total).unwrap_or(0));
            made.push(self.proposal(format!("SECMP{at:04}"), raised));
        }
        // Each release carries the next three that were approved, a while after the last of them.
        let mut approved: Vec<(Day, usize)> = made
            .iter()
            .enumerate()
            .filter_map(|(at, one)| one.steps.last().filter(|(to, ..)| *to == "approved").map(|(.., on)| (*on, at)))
            .collect();
        approved.sort_unstable();
        let mut carried = approved.chunks(3);
        for release in 0..self.share(5) {
            let three = carried.next().unwrap_or_default();
            let ready = three.last().map_or(start(), |(on, _)| *on);
            let effective = self.draw.weekday(ready, position());
            for (_, at) in three {
                let on = effective.max(ready);
                made[*at].release = Some((release, on));
                made[*at].steps.push(("implemented", "secas", on));
                made[*at].planned = None;
            }
            let ids = three.iter().map(|(_, at)| made[*at].id.clone()).collect();
            self.release_plan.push((effective.max(ready), ids));
        }
        for one in &mut made {
            // A step after the end.
            let over = one.steps.last().is_some_and(|(to, _, on)| *to == "rejected" && *on < day(2016, 8, 1));
            if over && one.fast_track == (one.proposer == "panel") && self.plants("modification-lifecycle") {
                one.steps.push(("report", "panel", day(2016, 8, 1)));
            }
            self.modification(one);
        }
    }

    /// A proposal that goes its way step by step, as far as the days allow; one fault at most.
    fn proposal(&mut self, id: String, raised: Day) -> Proposal {
        let path = *self.draw.pick(&["1", "2", "3"]);
        let fast_track = path == "3" && self.draw.percent(40);
        let referred = path == "3" && !fast_track && self.draw.percent(40);
        // A Party on whichever day it is raised.
        let from_the_start: Vec<&Party> = self.parties.iter().filter(|party| party.plain).collect();
        let proposer = self.draw.pick(&from_the_start).id.clone();
        let proposer = if fast_track && !self.plants("fast-track-proposer") { "panel".to_owned() } else { proposer };
        let end = *self.draw.pick(&["approved", "approved", "rejected"]);
        let mut way = vec![("raised", "secas")];
        if !fast_track {
            way.extend([("refinement", "panel"), ("report", "panel"), ("consultation", "secas")]);
        }
        way.push(("decision", "change-board"));
        way.extend(referred.then_some(("referred", "panel")));
        let by_authority = path != "3" || referred;
        way.extend(by_authority.then_some(("authority", "panel")));
        way.push((end, if by_authority { "authority" } else { "change-board" }));
        let (mut on, mut planned) = (raised, None);
        let mut steps: Vec<(&str, &str, Day)> = Vec::new();
        for (to, by) in way {
            if to == "referred" {
                // Five Working Days after the decision, or far more than ten.
                let decided = steps.last().map_or(raised, |(.., on)| *on);
                let late = working(decided, 25) <= position() && self.plants("modification-referral-window");
                on = working(decided, if late { 25 } else { 5 });
            }
            if on > position() {
                planned = Some((to, by, on));
                break;
            }
            steps.push((to, by, on));
            // What is referred comes before the Authority on that day, whichever way it goes there.
            let pause = i32::try_from(10 + self.draw.below(50)).unwrap_or(10);
            on = if to == "referred" { on } else { working(on, pause) };
        }
        // What the Authority leads takes Path 1; a wrong one shows in the facts, not in the steps.
        let plain = path == "3" && !fast_track && !referred;
        let authority_led = path == "1" || plain && self.plants("modification-path");
        Proposal { id, proposer, raised, path, authority_led, fast_track, steps, planned, release: None }
    }

    fn modification(&mut self, one: &Proposal) {
        let (id, raised) = (&one.id, one.raised);
        let returned = working(raised, 40);
        let done = returned <= position();
        let implementation = match one.release {
            Some((at, day)) => format!("planned = {day}, actual = {day}, release = \"version-{at}\""),
            None => format!("planned = {}", day(2017, 6, 29)),
        };
        let entry = |(to, by, on): &(&str, &str, Day)| format!("to = \"{to}\", on = {on}, by = \"{by}\"");
        let steps: Vec<String> = one.steps.iter().map(entry).collect();
        let planned: Vec<String> = one.planned.iter().map(entry).collect();
        let path = one.path;
        let sheet = self
            .cited()
            .text("title", &self.draw.sentence(8))
            .text("proposer", &one.proposer)
            .raw("raised", raised)
            .raw("path", format!("{{ proposed = \"{path}\", determined = \"{path}\" }}"))
            .raw("fast-track", one.fast_track)
            .raw("authority-led", one.authority_led)
            .raw("urgent", false)
            .raw("material-effect", path == "2")
            .strings("changes", &["F1", "Schedule 5", "Appendix R"][..=self.draw.below(3)])
            .list("step", &steps)
            .list("planned", &planned)
            .when(done, |sheet| {
                sheet.list(
                    "assessment",
                    &[format!("is = \"preliminary\", asked = {raised}, due = {returned}, returned = {returned}")],
                )
            })
            .list("implementation", &[implementation])
            .text("summary", &self.draw.sentence(40));
        self.add(&format!("modifications/{id}"), sheet);
        self.modifications.push((id.clone(), raised));
        if one.steps.iter().all(|(to, ..)| *to != "decision") {
            self.undecided.push(id.clone());
        }
    }

    fn releases(&mut self) {
        let total = self.share(5);
        for at in 0..total {
            let (effective, carried) = self.release_plan.get(at).cloned().unwrap_or((position(), Vec::new()));
            let sheet = self
                .cited()
                .text("version", &format!("{}.{}", at / 10 + 1, at % 10))
                .raw("planned", effective)
                .raw("effective", effective)
                .list(
                    "designation",
                    &[format!("by = \"secretary-of-state\", on = {}, under = \"X1\"", working(effective, -5))],
                )
                .strings("modifications", &carried)
                .strings("sections", &["F", "G", "H"])
                .text("summary", &self.draw.sentence(30));
            self.add(&format!("releases/version-{at}"), sheet);
        }
    }

    fn instruments(&mut self) {
        for at in 0..self.share(8) {
            let on = self.draw.weekday(start(), day(2016, 8, 31));
            let notified = if self.plants("instrument-notified-after-made") { working(on, -3) } else { working(on, 4) };
            let sheet = self
                .cited()
                .text("title", &self.draw.sentence(7))
                .text("by", "secretary-of-state")
                .raw("on", on)
                .text("under", "X5")
                .raw("notified", notified)
                .list(
                    "effect",
                    &[format!(
                        "does = \"vary\", provision = \"H{}.{at}\", from = {on}, until = {}",
                        at % 14 + 1,
                        on.plus_months(6)
                    )],
                )
                .text("summary", &self.draw.sentence(40));
            self.add(&format!("instruments/direction-{at}"), sheet);
        }
    }

    fn consultations(&mut self) {
        for at in 0..self.share(50) {
            let opened = self.draw.weekday(start(), day(2016, 7, 29));
            let backwards = self.plants("consultation-closes-after-opening");
            let closes = working(opened, if backwards { -5 } else { 15 });
            let early = !backwards && self.plants("consultation-response-after-closing");
            let due = working(closes, 10);
            let published = working(closes, if early { -2 } else { 10 });
            let about: Vec<String> = match self.undecided.as_slice() {
                [] => Vec::new(),
                some => vec![format!("modifications/{}", self.draw.pick(some))],
            };
            let sheet = self
                .cited()
                .text("title", &self.draw.sentence(8))
                .text("by", "secas")
                .raw("opened", opened)
                .raw("closes", closes)
                .strings("about", &about)
                .raw("response", format!("{{ due = {due}, published = {published} }}"))
                .text("summary", &self.draw.sentence(60))
                .text("url", &format!("https://example.org/consultations/{at}"));
            self.add(&format!("consultations/consultation-{at}"), sheet);
        }
    }

    fn deliverables(&mut self) {
        for at in 0..self.share(40) {
            let due = self.draw.weekday(start(), day(2016, 8, 31));
            let late = self.draw.percent(20);
            let published = if late { working(due, 20) } else { working(due, -2) };
            let about = format!("meetings/{}", self.draw.pick(&self.meetings).0);
            let sheet = self
                .cited()
                .text("title", &self.draw.sentence(8))
                .text("owner", "secas")
                .raw("approval", format!("{{ by = \"panel\", on = {} }}", working(published, -1)))
                .raw("due", due)
                .when(late, |sheet| sheet.raw("moved-to", format!("[{published}]")))
                .raw("published", published)
                .strings("about", &[about])
                .text("summary", &self.draw.sentence(60));
            self.add(&format!("deliverables/paper-{at}"), sheet);
        }
    }

    fn publications(&mut self) {
        for at in 0..self.share(25) {
            let issued = self.draw.weekday(day(2015, 1, 5), position());
            let stated: Vec<String> = (0..6)
                .map(|_| {
                    let (id, number) = self.draw.pick(&self.meetings);
                    format!("about = \"number\", of = \"meetings/{id}\", equals = {number}, on = {issued}, quote = \"meeting {number}\"")
                })
                .collect();
            let sheet = Sheet(String::new())
                .text("title", &self.draw.sentence(6))
                .raw("issued", issued)
                .text("by", "secas")
                .raw("period", format!("{{ from = {}, until = {issued} }}", issued.plus_months(-1)))
                .list("statement", &stated)
                .text("summary", &self.draw.sentence(20))
                .text("url", &format!("https://example.org/newsletter/{at}"));
            self.add(&format!("publications/newsletter-{at}"), sheet);
        }
    }

    /// Those that cover what was planted, and some that have run out over what is in order again.
    fn derogations(&mut self) {
        let covered = std::mem::take(&mut self.covered);
        for (at, (rule, subject)) in covered.iter().enumerate() {
            self.derogation(&format!("leave-{at}"), rule, subject, day(2016, 8, 1), day(2017, 2, 1));
        }
        self.covered = covered;
        let old: Vec<String> = self
            .parties
            .iter()
            .filter(|party| party.category == "large-supplier")
            .map(|party| party.id.clone())
            .collect();
        for (at, party) in old.iter().take(self.share(2)).enumerate() {
            self.derogation(
                &format!("old-leave-{at}"),
                "registration-data-feeds",
                &format!("parties/{party}"),
                day(2014, 8, 1),
                day(2015, 2, 2),
            );
        }
    }

    fn derogation(&mut self, id: &str, rule: &str, subject: &str, from: Day, until: Day) {
        let sheet = self
            .cited()
            .text("rule", rule)
            .text("subject", subject)
            .raw("from", from)
            .raw("until", until)
            .text("granted-by", "panel")
            .text("reason", &self.draw.sentence(20));
        self.add(&format!("derogations/{id}"), sheet);
    }

    /// Whose machine signs what is committed.
    fn signers(&mut self) {
        let public = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINBdfW/yM8nsez0nnRosxY4vUBDSrDC4z0dv5lCGViZo";
        let key = format!("public = \"{public}\", from = {}", start());
        let sheet = self.cited().text("holder", "secas").list("key", &[key]);
        self.add("signers/secas", sheet);
    }

    /// As many as are left of the number of records.
    fn events(&mut self, records: usize) {
        let mut at = 0;
        while self.files.len() < records {
            let on = self.draw.weekday(start(), day(2016, 12, 30));
            let body = self.draw.below(self.bodies.len());
            let about = if self.plants("record-reference") {
                format!("deliverables/lost-{at}")
            } else {
                format!("modifications/{}", self.draw.pick(&self.modifications).0)
            };
            let misspelt = self.plants("record-key");
            let sheet = self
                .cited()
                .text("title", &format!("{} {}", self.bodies[body].short, self.draw.sentence(5)))
                .raw("on", on)
                .raw("until", on.plus_days(1))
                .text("by", &self.bodies[body].id)
                .strings("about", &[about])
                .text(if misspelt { "plaice" } else { "place" }, PLACES[at % PLACES.len()])
                .text("booking", &format!("https://example.org/book/{at}"))
                .text("summary", &self.draw.sentence(60));
            self.add(&format!("events/event-{at}"), sheet);
            at += 1;
        }
    }

    fn finish(mut self) -> Made {
        let records = self.files.len();
        let covered = |rule: &str| self.covered.iter().filter(|(one, _)| *one == rule).count();
        let planted = PLANTS
            .iter()
            .map(|(rule, level, _, _)| {
                let made = self.plants.get(rule).map_or(0, |(_, made)| *made);
                Planted { rule, level, stands: made - covered(rule), derogated: covered(rule) }
            })
            .collect();
        let header = Sheet(String::new())
            .raw("schema", 1)
            .text("code", "Smart Energy Code")
            .raw("position", position())
            .raw("\n[coverage]", "")
            .0
            .replace("[coverage] = ", "[coverage]");
        let kinds = quorate::record::Kind::ALL
            .iter()
            .fold(header, |text, kind| format!("{text}{} = \"complete\"\n", kind.folder()));
        self.files.push(("registry.toml".to_owned(), kinds));
        self.files.sort();
        Made { files: self.files, records, planted }
    }
}
