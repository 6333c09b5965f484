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
    ("registration-data-feeds", "error", 26, true),
    ("registration-data-provider", "error", 10, true),
    ("panel-voter-category", "error", 6, true),
    ("record-reference", "error", 12, false),
    ("record-period", "error", 12, false),
    ("record-key", "error", 6, false),
    ("nominations-close-window", "warning", 10, false),
    ("nomination-window", "warning", 8, false),
    ("consultation-closes-after-opening", "warning", 8, false),
    ("instrument-notified-after-made", "warning", 2, false),
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
    /// Those whose winners take the next seats of the body.
    elections: Vec<Won>,
}

/// An election: who won, for what, and the day on which that was announced.
struct Won {
    id: String,
    constituency: &'static str,
    winner: String,
    announced: Day,
}

struct Seat {
    stem: String,
    holder: String,
    from: Day,
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
    ("tabasc", "large-supplier", 3),
    ("tabasc", "small-supplier", 2),
    ("tabasc", "gas-network", 1),
    ("tabasc", "other-sec-party", 1),
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
    bodies: Vec<Body>,
    meetings: Vec<(String, usize)>,
    modifications: Vec<(String, Day)>,
    /// The day of each release, and the modifications that it carries.
    release_plan: Vec<(Day, Vec<String>)>,
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
            bodies: Vec::new(),
            meetings: Vec::new(),
            modifications: Vec::new(),
            release_plan: Vec::new(),
        }
    }

    /// So many of a thousand records, at least one.
    fn share(&self, per_mille: usize) -> usize {
        (self.records * per_mille / 1000).max(1)
    }

    /// Whether a record that can carry such a breach shall: about every second does until enough do.
    fn plants(&mut self, rule: &'static str) -> bool {
        let wanted = self.plants.get(rule).is_some_and(|(left, _)| *left > 0) && self.draw.percent(50);
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
            let changed = self.draw.weekday(acceded, position());
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
                    let moved = self.draw.weekday(start(), position());
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
        for body in ["panel", "ssc", "smki-pma"] {
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
            self.bodies.push(Body {
                id: (*id).to_owned(),
                short: id.to_uppercase(),
                seats: Vec::new(),
                elections: Vec::new(),
            });
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
            self.bodies.push(Body { id, short: format!("WG{at}"), seats: Vec::new(), elections: Vec::new() });
        }
    }

    /// The number of a body: three in twenty times one that elects under rules, else one without.
    fn electing(&mut self) -> usize {
        let known = KNOWN.len();
        match self.draw.below(100) {
            0..=8 => 0,
            9..=12 => 4,
            13..=15 => 5,
            _ => known + self.draw.below(self.bodies.len() - known),
        }
    }

    fn elections(&mut self) {
        let (large, limited) = (self.large_suppliers().len(), LIMITED.iter().map(|(_, _, seats)| seats).sum::<usize>());
        let open = self.share(150).saturating_sub(limited + large) / (self.bodies.len() - KNOWN.len());
        for at in 0..self.share(45) {
            let body = self.electing();
            let name = self.bodies[body].id.clone();
            let year = *self.draw.pick(&[2014, 2015]);
            let id = format!("{name}-{year}-{at}");
            let is_panel = body == 0;
            let constituency = *self.draw.pick(if is_panel {
                &["large-supplier", "small-supplier", "electricity-network", "gas-network", "other-sec-party"][..]
            } else {
                OPEN
            });
            let called = self.draw.weekday(day(year, 9, 2), day(year, 10, 10));
            let late = self.plants("nominations-close-window");
            let close = working(called, if late { 16 } else { 15 });
            let opened = working(close, 6);
            let length = i32::try_from(4 + self.draw.below(7)).unwrap_or(10);
            let closed = working(opened, length);
            let candidates: Vec<String> = {
                let count = 2 + self.draw.below(5);
                self.draw.some(&self.people, count).into_iter().cloned().collect()
            };
            let mut nominations = Vec::new();
            for person in &candidates {
                let received = self.draw.weekday(called, working(called, 15));
                let by = self.draw.pick(&self.parties).id.clone();
                nominations.push(format!(
                    "candidate = \"{person}\", constituency = \"{constituency}\", nominated-by = \"{by}\", received = {received}"
                ));
            }
            // Two must be left to stand, or there would be no vote.
            if !late && candidates.len() > 2 && self.plants("nomination-window") {
                let by = self.draw.pick(&self.parties).id.clone();
                nominations.pop();
                nominations.push(format!(
                    "candidate = \"{}\", constituency = \"{constituency}\", nominated-by = \"{by}\", received = {}",
                    candidates[candidates.len() - 1],
                    working(called, 17)
                ));
            }
            let votes = self.votes(&id, constituency, is_panel, &candidates);
            let ballot = format!("{{ opened = {opened}, closed = {closed}, vote = [{}] }}", votes.join(", "));
            let announced = working(closed, 2);
            let how = if votes.is_empty() { "lot" } else { "vote" };
            // A winner without a seat would be found, so who won is told where a seat is left.
            let seated = body >= KNOWN.len() && self.bodies[body].elections.len() < open;
            let winner = if seated { format!(", elected = [\"{}\"]", candidates[0]) } else { String::new() };
            let sheet = self
                .cited()
                .text("body", &name)
                .text("reason", if at % 5 == 0 { "vacancy" } else { "term-expiry" })
                .raw("called", called)
                .raw("nominations-close", close)
                .list("seats-up", &[format!("constituency = \"{constituency}\", seats = 1, term = \"two years\"")])
                .list("nomination", &nominations)
                .raw("ballot", ballot)
                .list(
                    "result",
                    &[format!("constituency = \"{constituency}\"{winner}, how = \"{how}\", announced = {announced}")],
                );
            self.add(&format!("elections/{id}"), sheet);
            if seated {
                let winner = candidates[0].clone();
                self.bodies[body].elections.push(Won { id, constituency, winner, announced });
            }
        }
    }

    /// Votes of plain Parties of the constituency; in the Panel's elections now and then of another.
    fn votes(&mut self, id: &str, constituency: &str, is_panel: bool, candidates: &[String]) -> Vec<String> {
        let can_vote = |party: &&Party| party.plain && party.category == constituency;
        let voters: Vec<String> = self.parties.iter().filter(can_vote).take(40).map(|party| party.id.clone()).collect();
        if voters.is_empty() {
            return Vec::new();
        }
        let mut chosen: Vec<String> = self.draw.some(&voters, 4).into_iter().cloned().collect();
        if is_panel && self.plants_in("panel-voter-category", &format!("elections/{id}")) {
            let other = self.parties.iter().find(|party| party.plain && party.category != constituency);
            chosen[0] = other.map_or_else(String::new, |party| party.id.clone());
        }
        let vote = |(at, group): (usize, &String)| {
            format!(
                "{{ voting-group = \"{group}\", constituency = \"{constituency}\", for = \"{}\" }}",
                // The first candidate has one vote more than any other.
                candidates[at.saturating_sub(1) % candidates.len()]
            )
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
        for party in &self.large_suppliers() {
            let holder = self.next_holder();
            let from = self.draw.weekday(day(2014, 1, 6), day(2015, 6, 1));
            let sheet = self.cited().text("constituency", "large-supplier").text("voting-group", party).list(
                "tenure",
                &[format!("holder = \"{holder}\", from = {from}, by = {{ nomination-by = \"{party}\" }}")],
            );
            self.seat("change-board", format!("for-{party}"), holder, from, sheet);
            count += 1;
        }
        for at in count..self.share(150).max(count) {
            let known = KNOWN.len();
            let body = known + at % (self.bodies.len() - known);
            self.open_seat(body, at);
        }
    }

    /// The Large Suppliers that have a seat of their own.
    fn large_suppliers(&self) -> Vec<String> {
        let large = self.parties.iter().filter(|party| party.category == "large-supplier");
        large.take(self.records / 40).map(|party| party.id.clone()).collect()
    }

    /// Somebody whom no other seat of the limited bodies has, employed by a Party of nobody else there.
    fn next_holder(&mut self) -> String {
        self.seated += 1;
        self.distinct.get(self.seated - 1).cloned().unwrap_or_else(|| "vacant".to_owned())
    }

    fn seat(&mut self, body: &str, stem: String, holder: String, from: Day, sheet: Sheet) {
        self.add(&format!("seats/{body}/{stem}"), sheet);
        if let Some(body) = self.bodies.iter_mut().find(|one| one.id == body) {
            body.seats.push(Seat { stem, holder, from });
        }
    }

    /// A seat of a body that rules limit, with a term as they want it.
    fn limited_seat(&mut self, body: &str, constituency: &str, number: usize) {
        let holder = if constituency == "chair" { format!("{body}-chair") } else { self.next_holder() };
        // Whether a Panel term lasts one year or two is a matter of reading, so its end is left out.
        let (from, months) = match (body, constituency) {
            ("panel", _) => (day(2014, 11, 17), None),
            ("tabasc", _) => (day(2015, 11, 16), Some(12)),
            (_, "chair") => (self.draw.weekday(day(2014, 10, 1), day(2015, 6, 1)), Some(36)),
            ("change-board", _) => (self.draw.weekday(day(2014, 1, 6), day(2015, 6, 1)), None),
            _ => (self.draw.weekday(day(2014, 11, 3), day(2015, 6, 1)), Some(24)),
        };
        let due = months.map_or(String::new(), |months| format!(", due-to-end = {}", from.plus_months(months)));
        let alternate = if body == "smki-pma" && number == 2 {
            format!(", alternate = [{{ person = \"{}\", from = {from} }}]", self.next_holder())
        } else {
            String::new()
        };
        let sheet = self
            .cited()
            .text("constituency", constituency)
            .list(
                "tenure",
                &[format!(
                    "holder = \"{holder}\", from = {from}{due}, by = {{ appointment-by = \"panel\" }}{alternate}"
                )],
            )
            .text("summary", &self.draw.sentence(20));
        self.seat(body, format!("{constituency}-{number}"), holder, from, sheet);
    }

    /// A seat of a body without rules, with its history.
    fn open_seat(&mut self, body: usize, at: usize) {
        let won = self.bodies[body].elections.pop();
        let constituency = won.as_ref().map_or_else(|| *self.draw.pick(OPEN), |won| won.constituency);
        let mut from = self.draw.weekday(start(), day(2014, 6, 30));
        let mut tenures = Vec::new();
        let mut holder = self.draw.pick(&self.people).clone();
        for past in 0..self.draw.below(3) {
            let ended = self.draw.weekday(from.plus_days(60), from.plus_days(240));
            tenures.push(format!("holder = \"{holder}\", from = {from}, ended = {ended}, by = {{ nomination-by = \"panel\" }}, note = \"term {past}\""));
            from = ended;
            holder.clone_from(self.draw.pick(&self.people));
        }
        let by = won
            .as_ref()
            .map_or_else(|| "appointment-by = \"panel\"".to_owned(), |won| format!("election = \"{}\"", won.id));
        if let Some(won) = won {
            from = from.max(won.announced.plus_days(14));
            holder = won.winner;
        }
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
        self.seat(&name, format!("{constituency}-{at}"), holder, from, sheet);
    }

    fn meetings(&mut self) {
        let total = self.share(130);
        let meeting = [0, 1, 3, 4, 5].into_iter().chain(KNOWN.len()..self.bodies.len()).collect::<Vec<_>>();
        let each = total / meeting.len();
        for (at, body) in meeting.iter().enumerate() {
            let count = if at == 0 { total - each * (meeting.len() - 1) } else { each };
            self.meetings_of(*body, count.min(700));
        }
    }

    /// The meetings of a body, evenly spread, numbered one after another.
    fn meetings_of(&mut self, body: usize, count: usize) {
        let first = day(2014, 7, 7);
        let span = usize::try_from(day(2016, 12, 30).days_since(first)).unwrap_or(0);
        let mut last = first;
        for number in 1..=count {
            let mut planned = first.plus_days(i32::try_from(span * number / count).unwrap_or(0));
            while planned.is_weekend() || planned <= last {
                planned = planned.plus_days(1);
            }
            last = planned;
            self.meeting(body, number, planned);
        }
    }

    fn meeting(&mut self, body: usize, number: usize, planned: Day) {
        let held = planned <= position();
        let name = self.bodies[body].id.clone();
        let present: Vec<String> = self.bodies[body]
            .seats
            .iter()
            .filter(|seat| held && seat.from <= planned && seat.holder != "vacant")
            .take(10)
            .map(|seat| format!("seat = \"{}\", person = \"{}\", as = \"member\"", seat.stem, seat.holder))
            .collect();
        let items: Vec<String> = (0..2 + self.draw.below(3))
            .map(|_| {
                let outcome = if held { ", outcome = \"noted\"" } else { "" };
                format!("title = \"{}\", asked = \"note\"{outcome}", self.draw.sentence(6))
            })
            .collect();
        let sheet = self
            .cited()
            .raw("number", number)
            .raw("planned", planned)
            .when(held, |sheet| sheet.raw("held", planned))
            .raw("notice-given", working(planned, -15))
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
        let raised_on = |at: usize| first.plus_days(i32::try_from(span * at / total).unwrap_or(0));
        // Each release carries three, and takes effect once the last of them was raised.
        for release in 0..self.share(5) {
            let carried: Vec<usize> = (3 * release + 1..=3 * release + 3).filter(|at| *at <= total).collect();
            let earliest = carried.last().map_or(start(), |at| raised_on(*at));
            let effective = self.draw.weekday(earliest, position());
            self.release_plan.push((effective, carried.iter().map(|at| format!("SECMP{at:04}")).collect()));
        }
        for at in 1..=total {
            let raised = raised_on(at);
            self.modification(&format!("SECMP{at:04}"), raised);
        }
    }

    /// A proposal that went its way step by step, as far as the days allow.
    fn modification(&mut self, id: &str, raised: Day) {
        let path = *self.draw.pick(&["1", "2", "3"]);
        let end = self.draw.pick(&["approved", "approved", "rejected"]);
        let by_authority = path != "3";
        let mut way = vec![
            ("raised", "secas"),
            ("refinement", "panel"),
            ("report", "panel"),
            ("consultation", "secas"),
            ("decision", "change-board"),
        ];
        way.extend(by_authority.then_some(("authority", "change-board")));
        way.push((end, if by_authority { "authority" } else { "change-board" }));
        way.extend((*end == "approved").then_some(("implemented", "secas")));
        let (mut on, mut steps, mut planned) = (raised, Vec::new(), Vec::new());
        for (to, by) in way {
            if on > position() {
                planned.push(format!("to = \"{to}\", on = {on}, by = \"{by}\""));
                break;
            }
            steps.push(format!("to = \"{to}\", on = {on}, by = \"{by}\""));
            on = working(on, i32::try_from(10 + self.draw.below(50)).unwrap_or(10));
        }
        let proposer = self.draw.pick(&self.parties).id.clone();
        let returned = working(raised, 40);
        let done = returned <= position();
        let carrier =
            self.release_plan.iter().enumerate().find(|(_, (_, carried))| carried.iter().any(|one| one == id));
        let implementation = match carrier {
            Some((at, (day, _))) => format!("planned = {day}, actual = {day}, release = \"version-{at}\""),
            None => format!("planned = {}", raised.plus_months(24)),
        };
        let sheet = self
            .cited()
            .text("title", &self.draw.sentence(8))
            .text("proposer", &proposer)
            .raw("raised", raised)
            .raw("path", format!("{{ proposed = \"{path}\", determined = \"{path}\" }}"))
            .raw("fast-track", false)
            .raw("authority-led", path == "1")
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
        self.modifications.push((id.to_owned(), raised));
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
                .text("by", if at % 4 == 0 { "authority" } else { "secretary-of-state" })
                .raw("on", on)
                .text("under", "X5")
                .raw("notified", notified)
                .list(
                    "effect",
                    &[format!(
                        "does = \"extend\", provision = \"H{}\", from = {on}, until = {}",
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
            let published = working(closes, 10);
            let about = format!("modifications/{}", self.draw.pick(&self.modifications).0);
            let sheet = self
                .cited()
                .text("title", &self.draw.sentence(8))
                .text("by", "secas")
                .raw("opened", opened)
                .raw("closes", closes)
                .strings("about", &[about])
                .raw("response", format!("{{ due = {published}, published = {published} }}"))
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
