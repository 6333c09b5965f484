//! Kind `at-most-per-group`: how many may share an employer or an affiliate group.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use rustc_hash::FxHashMap;

use super::{Case, Cure, Kind, Law, Proofreader, Said, Says, Slots, line::Line, people};
use crate::{
    day::{Day, Truth, When, recorded_in_force},
    decode::{Fact, List, table, words},
    finding::{Mark, Outcome},
    record::{
        Kind as RecordKind, Record,
        election::{Election, Nomination},
        id::Constituency,
        seat::Seat,
    },
    rulebook::{code::Code, mutant::Mutator, proofread::BodyWord},
};

/// The kind.
#[derive(Debug)]
pub struct AtMostPerGroup;

table! {
    /// What such a rule is about.
    pub struct About {
        /// The body.
        body: Fact<BodyWord> = "body" (required),
    }
}

words! {
    /// Who is counted.
    pub enum Counted {
        /// Holders of seats.
        Holder = "holder",
        /// Their Alternates.
        Alternate = "alternate",
        /// Candidates of an election.
        Candidate = "candidate",
    }
}

words! {
    /// Within what they are counted.
    pub enum Within {
        /// A seat.
        Seat = "seat",
        /// The seats of one constituency.
        Constituency = "constituency",
        /// The whole body.
        Body = "body",
    }
}

words! {
    /// What they may not share.
    pub enum Per {
        /// An employer.
        Employer = "employer",
        /// A group of Affiliates.
        AffiliateGroup = "affiliate-group",
    }
}

table! {
    /// How many may share what.
    pub struct Terms {
        /// Who is counted.
        count: List<Counted> = "count" (required),
        /// Within what.
        within: Fact<Within> = "within" (required),
        /// What they may not share.
        per: Fact<Per> = "per" (required),
        /// How many may.
        max: Fact<u32> = "max" (required),
    }
}

/// Somebody who is counted.
pub struct Member<'a> {
    person: &'a str,
    /// The first day, for the order of arrival.
    from: Day,
    certain: bool,
    record: u32,
    mark: Mark,
    employers: people::Employers<'a>,
    /// Somebody whom no record shows may be an Affiliate of an employer.
    doubtful: bool,
}

/// An employer or a group of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Group<'a> {
    One(&'a str),
    Numbered(u32),
}

/// Everybody within one scope, in the order of arrival; and some of them, so that nobody is compared
/// with all the others.
#[derive(Default)]
pub struct Scope<'a> {
    members: Vec<Member<'a>>,
    everybody: Line,
    /// Those who have an employer.
    employed: Line,
    /// Those who may have another.
    open: Line,
    doubtful: Line,
    /// Those of whom it can be said what is not recorded, and those of whom that was reported.
    missing: Line,
    bad: Line,
    /// Who certainly belongs to a group, and who may.
    certain: FxHashMap<Group<'a>, Line>,
    possible: FxHashMap<Group<'a>, Line>,
    /// The members of each record.
    of_record: FxHashMap<u32, Vec<usize>>,
    /// Whether there are two people at least.
    several: bool,
}

/// What a scope is known by: within what, who is counted, what may not be shared, and which seat,
/// constituency or election.
type ScopeKey = (Option<Within>, Vec<Counted>, Option<Per>, String);

/// The scopes that were asked for.
pub type Scopes<'a> = Mutex<BTreeMap<ScopeKey, Arc<Scope<'a>>>>;

fn members_of_seat<'a>(
    at: u32,
    record: &'a Record,
    seat: &'a Seat,
    counted: &[Counted],
    case: &Case<'a>,
) -> Vec<Member<'a>> {
    let mut found = Vec::new();
    for tenure in seat.tenure.iter() {
        let holds = people::held(tenure, case.on);
        if !holds.possible() {
            continue;
        }
        let arrival = |when: Option<When>| when.map_or(Day::EARLIEST, |when| when.first);
        if let Some(holder) =
            tenure.holder.known().map(AsRef::as_ref).filter(|id| *id != "vacant" && counted.contains(&Counted::Holder))
        {
            let mark = Mark::new(record.file, tenure.span, format!("`{holder}` holds it"));
            found.push(member(holder, arrival(tenure.from.when()), holds.certain(), at, mark, case));
        }
        if counted.contains(&Counted::Alternate) {
            for one in tenure.alternate.iter() {
                let stands = holds.and(recorded_in_force(one.from.when(), one.until.when(), case.on));
                if let (true, Some(person)) = (stands.possible(), one.person.known()) {
                    let mark = Mark::new(record.file, one.span, format!("`{}` is an Alternate", person.as_ref()));
                    found.push(member(person.as_ref(), arrival(one.from.when()), stands.certain(), at, mark, case));
                }
            }
        }
    }
    found
}

fn members_of_election<'a>(
    at: u32,
    record: &'a Record,
    election: &'a Election,
    only: Option<&str>,
    case: &Case<'a>,
) -> Vec<Member<'a>> {
    let stands = |gone: &Fact<When>| gone.when().is_none_or(|when| !when.by(case.on).possible());
    let meant = |one: &&Nomination| only.is_none_or(|only| one.constituency.known().map_or("", AsRef::as_ref) == only);
    let nominations =
        election.nomination.iter().filter(|one| stands(&one.rejected) && stands(&one.withdrawn) && meant(one));
    let candidates = nominations.filter_map(|one| {
        let person = one.candidate.known()?.as_ref();
        let received = one.received.when().unwrap_or(When::UNKNOWN);
        let came = received.by(case.on);
        let mark = Mark::new(record.file, one.span, format!("`{person}` is a candidate"));
        came.possible().then(|| member(person, received.first, came.certain(), at, mark, case))
    });
    candidates.collect()
}

fn member<'a>(person: &'a str, from: Day, certain: bool, record: u32, mark: Mark, case: &Case<'a>) -> Member<'a> {
    let employers = people::employers(case, person, case.on);
    Member { person, from, certain, record, mark, employers, doubtful: false }
}

impl Kind for AtMostPerGroup {
    const NAME: &'static str = "at-most-per-group";
    const DOC: &'static str = include_str!("../../docs/kinds/at-most-per-group.md");
    type About = About;
    type Terms = Terms;
    type Prepared<'c> = Scopes<'c>;

    fn body(about: &About) -> Option<&str> {
        about.body.known().map(AsRef::as_ref)
    }

    fn proofread(_: &About, terms: &Terms, proof: &mut Proofreader<'_>) {
        let candidates = terms.count.iter().any(|one| *one == Counted::Candidate);
        if candidates && terms.count.iter().count() > 1 {
            let message = "candidates are counted by themselves: no other may stand beside `candidate`".into();
            proof.reader.report("record-word", terms.count.span, message, "not together", None);
        }
    }

    fn prepare<'c>(_: &About, _: &Case<'c>) -> Scopes<'c> {
        Scopes::default()
    }

    fn subjects(about: &About, case: &Case<'_>) -> Vec<u32> {
        let Some(body) = Self::body(about) else { return Vec::new() };
        let seats = case.registry.in_folder(RecordKind::Seat, body);
        seats.chain(case.registry.elections_of(body).iter().copied()).collect()
    }

    fn judge<'c>(
        law: &Law<'_, Self>,
        scopes: &Scopes<'c>,
        record: &Record,
        at: u32,
        case: &Case<'c>,
        slots: &mut Slots,
    ) {
        let body = Self::body(law.about).unwrap_or("");
        let (segment, terms) = match law.on(case.on) {
            Says::Nothing(why) => return slots.skip(|| people::idle(law, record, When::on(case.on.untracked()), why)),
            Says::Unknown(segment) => {
                let message = format!("{}: which limit held on {} is not known", people::name(record), case.on);
                let said = people::not_known(record, "limit", message, segment, slots.explain);
                return slots.say(said.silent(nobody_to_count(record)));
            }
            Says::Terms(segment, terms) => (segment, terms),
        };
        let max = terms.max.known().copied().unwrap_or(1) as usize;
        let per = terms.per.known().copied().unwrap_or(Per::AffiliateGroup);
        let rule = segment.mark(law.file, "max", terms.max.span, format!("at most {max}"));
        let (mut compared, mut counted) = (false, Vec::new());
        for constituency in constituencies(record, terms) {
            let scope = known_scope(scopes, record, at, (body, constituency), terms, case);
            let own = scope.of_record.get(&at).filter(|_| scope.several);
            if slots.explain {
                counted.extend(scope.members.iter().take(SHOWN).map(|one| format!("counted: {}", one.mark.label)));
            }
            for index in own.into_iter().flatten() {
                let Some(one) = scope.members.get(*index) else { continue };
                compared = true;
                let said = judge_one(&scope, *index, one, max, per, record, case).mark(rule.clone()).under(segment);
                let said = said.explained(slots.explain, |said| explained(said, &scope, *index, one, (max, per), case));
                if said.outcome == Outcome::Pass { slots.pass(|| said) } else { slots.say(said) }
            }
        }
        if !compared {
            let who: Vec<_> = terms.count.iter().map(|one| format!("{}s", one.word())).collect();
            let on = format!("the {} on {}: {} to compare", who.join(" and "), case.on, counted.len());
            let steps = || std::iter::once(on).chain(counted);
            slots.skip(|| people::nothing(record, "", "nobody, or one person, to compare", steps()));
        }
    }

    fn looked_for(law: &Law<'_, Self>, record: &Record, case: &Case<'_>) -> Vec<String> {
        let body = Self::body(law.about).unwrap_or("?");
        vec![format!("the rule counts people of `{body}`, and {} names none on {}", people::name(record), case.on)]
    }

    const MUTATORS: &'static [Mutator] = &[
        Mutator::Step("max"),
        Mutator::Swap("per", &["employer", "affiliate-group"]),
        Mutator::Swap("within", &["seat", "constituency", "body"]),
        Mutator::Drop("count.*"),
    ];

    fn alike(_: &About, one: &Terms, other: &Terms, _: &Code) -> bool {
        let said = |terms: &Terms| {
            let mut count: Vec<_> = terms.count.iter().map(|one| one.word()).collect();
            count.sort_unstable();
            (count, terms.within.known().copied(), terms.per.known().copied(), terms.max.known().copied())
        };
        said(one) == said(other)
    }

    fn english(about: &About, terms: &Terms, _: &Code) -> String {
        let counted: Vec<_> = terms.count.iter().map(|one| format!("{}s", one.word())).collect();
        let per = match terms.per.known() {
            Some(Per::Employer) => "employer",
            _ => "group of Affiliates",
        };
        let within = terms.within.known().map_or("?", |within| within.word());
        format!(
            "No more than {} of the {} of a {within} of `{}` may be of one {per}.",
            terms.max.known().copied().unwrap_or(0),
            counted.join(" and "),
            Self::body(about).unwrap_or("?")
        )
    }
}

/// The constituencies in which a record's people are counted by themselves: a seat's own, each of an
/// election's; one that is not named where the rule counts otherwise.
fn constituencies<'r>(record: &'r Record, terms: &Terms) -> Vec<&'r str> {
    let word = |fact: &'r Fact<Constituency>| fact.known().map_or("", AsRef::as_ref);
    match (record.election(), record.seat()) {
        (Some(election), _) if terms.within.known() == Some(&Within::Constituency) => {
            let mut all: Vec<&str> = election.nomination.iter().map(|one| word(&one.constituency)).collect();
            all.sort_unstable();
            all.dedup();
            all
        }
        (_, Some(seat)) => vec![word(&seat.constituency)],
        _ => vec![""],
    }
}

/// Whether a record names nobody who could be counted: then there is nothing to say of a limit.
fn nobody_to_count(record: &Record) -> bool {
    let holders = record.seat().is_some_and(|seat| {
        seat.tenure.iter().any(|tenure| tenure.holder.known().is_some_and(|one| one.as_ref() != "vacant"))
    });
    let candidates = record.election().is_some_and(|election| election.nomination.iter().next().is_some());
    !holders && !candidates
}

/// The scope of a record, worked out once for all records that it holds.
fn known_scope<'c>(
    scopes: &Scopes<'c>,
    record: &Record,
    at: u32,
    (body, constituency): (&str, &str),
    terms: &Terms,
    case: &Case<'c>,
) -> Arc<Scope<'c>> {
    let within = terms.within.known().copied();
    let name = match (within, record.election()) {
        (Some(Within::Body), None) => "body".to_owned(),
        (Some(Within::Constituency), None) => constituency.to_owned(),
        _ => format!("{at} {constituency}"),
    };
    let key = (within, terms.count.iter().copied().collect(), terms.per.known().copied(), name);
    if let Some(found) = scopes.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
        return Arc::clone(found);
    }
    let made = Arc::new(scope(record, at, (body, constituency), terms, &case.of_rule()));
    scopes.lock().unwrap_or_else(PoisonError::into_inner).insert(key, Arc::clone(&made));
    made
}

/// Everybody who is compared with the members of a record, in the order of arrival.
fn scope<'a>(
    record: &Record,
    at: u32,
    (body, constituency): (&str, &str),
    terms: &Terms,
    case: &Case<'a>,
) -> Scope<'a> {
    let counted: Vec<Counted> = terms.count.iter().copied().collect();
    let mut found = Vec::new();
    let candidates = counted.contains(&Counted::Candidate);
    if candidates != record.election().is_some() {
        return Scope::default();
    }
    let by_constituency = terms.within.known() == Some(&Within::Constituency);
    let seats: Vec<u32> = match (candidates, terms.within.known()) {
        (true, _) | (false, Some(Within::Seat) | None) => vec![at],
        (false, Some(_)) => case.registry.in_folder(RecordKind::Seat, body).collect(),
    };
    for seat_at in seats {
        let Some(other) = case.record(seat_at) else { continue };
        if let Some(election) = other.election() {
            let only = by_constituency.then_some(constituency);
            found.extend(members_of_election(seat_at, other, election, only, case));
        }
        let Some(seat) = other.seat() else { continue };
        if by_constituency && seat.constituency.known().map_or("", AsRef::as_ref) != constituency {
            continue;
        }
        found.extend(members_of_seat(seat_at, other, seat, &counted, case));
    }
    found.sort_by(|one, other| (one.from, one.record, one.person).cmp(&(other.from, other.record, other.person)));
    Scope::of(found, terms.per.known().copied().unwrap_or(Per::AffiliateGroup), case)
}

impl<'a> Scope<'a> {
    /// Puts members, who stand in the order of arrival, into lines.
    fn of(mut members: Vec<Member<'a>>, per: Per, case: &Case<'a>) -> Self {
        let affiliates = case.affiliates(case.on);
        let mut made = Self::default();
        let (mut certain, mut possible) = (Groups::default(), Groups::default());
        for (at, one) in members.iter_mut().enumerate() {
            made.of_record.entry(one.record).or_default().push(at);
            for employer in &one.employers.all {
                one.doubtful |= per == Per::AffiliateGroup && affiliates.is_doubtful(employer.id);
                if one.certain && employer.certain {
                    certain.entry(group(employer.id, per, true, case)).or_default().push(at);
                }
                possible.entry(group(employer.id, per, false, case)).or_default().push(at);
            }
        }
        let person = |at: usize| members.get(at).map_or("", |one| one.person);
        let line = |wanted: fn(&Member<'_>) -> bool| {
            Line::of((0..).zip(&members).filter(|(_, one)| wanted(one)).map(|(at, _)| at), person)
        };
        let lines = |groups: Groups<'a>| -> FxHashMap<Group<'a>, Line> {
            groups
                .into_iter()
                .map(|(group, mut at)| {
                    at.dedup();
                    (group, Line::of(at, person))
                })
                .collect()
        };
        made.everybody = line(|_| true);
        made.employed = line(|one| !one.employers.all.is_empty());
        made.open = line(|one| one.employers.open);
        made.doubtful = line(|one| one.doubtful);
        made.missing = line(|one| one.employers.missing.is_some());
        made.bad = line(|one| one.employers.bad);
        made.certain = lines(certain);
        made.possible = lines(possible);
        made.several = members.windows(2).any(|pair| matches!(pair, [one, other] if one.person != other.person));
        made.members = members;
        made
    }

    /// Those who came before and certainly share with somebody: as many of the last as matter.
    fn certain(&self, index: usize, one: &Member<'_>, max: usize, per: Per, case: &Case<'_>) -> Vec<usize> {
        let sure = one.employers.all.iter().filter(|employer| one.certain && employer.certain);
        let lines = sure.filter_map(|employer| self.certain.get(&group(employer.id, per, true, case)));
        let is_same = |at: usize| self.is(at, one);
        let mut found: Vec<usize> = lines.flat_map(|line| line.back(index, is_same).take(max.max(1))).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Those who came before and may share with somebody, as many of the first as matter. Less than
    /// `max` of those who came before certainly do.
    fn possible(&self, index: usize, one: &Member<'_>, max: usize, per: Per, case: &Case<'_>) -> Vec<&Member<'a>> {
        let mut lines = Vec::new();
        if one.employers.open {
            lines.push(&self.everybody);
        } else if one.doubtful {
            lines.extend([&self.employed, &self.open]);
        } else {
            let groups = one.employers.all.iter().map(|employer| group(employer.id, per, false, case));
            lines.extend(groups.filter_map(|group| self.possible.get(&group)));
            lines.push(&self.open);
            if !one.employers.all.is_empty() {
                lines.push(&self.doubtful);
            }
        }
        let most = max.saturating_mul(2).saturating_add(SHOWN);
        self.sharing(&lines, index, one, most, per, case)
    }

    /// Those of some lines who came before and may share with somebody, but do not certainly.
    fn sharing(
        &self,
        lines: &[&Line],
        index: usize,
        one: &Member<'_>,
        most: usize,
        per: Per,
        case: &Case<'_>,
    ) -> Vec<&Member<'a>> {
        let is_same = |at: usize| self.is(at, one);
        let mut found: Vec<usize> = lines.iter().flat_map(|line| line.forth(index, is_same).take(most)).collect();
        found.sort_unstable();
        found.dedup();
        let members = found.into_iter().filter_map(|at| self.members.get(at));
        members.filter(|other| share(one, other, per, case).0 == Truth::Maybe).collect()
    }

    fn is(&self, at: usize, one: &Member<'_>) -> bool {
        self.members.get(at).is_some_and(|other| other.person == one.person)
    }
}

/// Members by group, each list rising.
type Groups<'a> = FxHashMap<Group<'a>, Vec<usize>>;

/// How many names and places are shown of those who may share.
const SHOWN: usize = 3;

/// What an employer is counted as: itself, or its group, which is either the certain or the possible
/// one.
fn group<'a>(employer: &'a str, per: Per, certain: bool, case: &Case<'_>) -> Group<'a> {
    let affiliates = case.affiliates(case.on);
    let number = match (per, certain) {
        (Per::Employer, _) => None,
        (Per::AffiliateGroup, true) => affiliates.group(employer),
        (Per::AffiliateGroup, false) => affiliates.possible_group(employer),
    };
    number.map_or(Group::One(employer), Group::Numbered)
}

/// Whether two people share an employer, or employers of one group.
fn share(one: &Member<'_>, other: &Member<'_>, per: Per, case: &Case<'_>) -> (Truth, Option<(usize, usize)>) {
    let mut best = Truth::from(false);
    let mut which = None;
    let affiliates = case.affiliates(case.on);
    for (first, mine) in one.employers.all.iter().enumerate() {
        for (second, theirs) in other.employers.all.iter().enumerate() {
            let same = match per {
                Per::Employer => Truth::from(mine.id == theirs.id),
                Per::AffiliateGroup => affiliates.joined(mine.id, theirs.id),
            };
            let sure = Truth::from(mine.certain && theirs.certain && one.certain && other.certain).max(Truth::Maybe);
            let truth = same.and(sure);
            if truth > best || which.is_none() && truth.possible() {
                best = truth;
                which = Some((first, second));
            }
        }
    }
    if one.employers.open || other.employers.open {
        best = best.or(Truth::Maybe);
    }
    (best, which)
}

/// With the derivation: the employers, the chain that joins them, the count against the most.
fn explained(
    said: Said,
    scope: &Scope<'_>,
    index: usize,
    one: &Member<'_>,
    (max, per): (usize, Per),
    case: &Case<'_>,
) -> Said {
    let mut steps = people::employer_steps(one.person, &one.employers, case.on);
    let certain = scope.certain(index, one, max, per, case);
    for other in certain.iter().filter_map(|at| scope.members.get(*at)).take(SHOWN) {
        steps.extend(people::employer_steps(other.person, &other.employers, case.on));
        if let (_, Some((mine, theirs))) = share(one, other, per, case)
            && let (Some(mine), Some(theirs)) = (one.employers.all.get(mine), other.employers.all.get(theirs))
        {
            steps.extend(people::chain_steps(case, mine.id, theirs.id, case.on));
        }
    }
    if said.outcome == Outcome::Unknown {
        let possible = scope.possible(index, one, max, per, case);
        for other in possible.into_iter().take(SHOWN) {
            steps.extend(people::employer_steps(other.person, &other.employers, case.on));
        }
    }
    // No more of them are counted than decide.
    let least = if certain.len() >= max { "at least " } else { "" };
    let counted = certain.len().min(max.max(1));
    steps.push(format!(
        "{least}{counted} who came before and share for certain, and `{}` is one more; at most {max} may",
        one.person
    ));
    let said = said.steps(steps);
    if said.outcome == Outcome::Breach { said.cure(cure(one, certain.len() > max, case)) } else { said }
}

/// The tenure of the later comer ended, where that is what is counted.
fn cure(one: &Member<'_>, more: bool, case: &Case<'_>) -> Cure {
    let text = format!("somebody of another organisation in the place of `{}`", one.person);
    let record = case.record(one.record);
    let Some((record, seat)) = record.and_then(|record| Some((record, record.seat()?))).filter(|_| !more) else {
        return Cure::by_hand(text, "who stands down, or whose employment is wrong, only the people can say");
    };
    let own = seat.tenure.iter().find(|tenure| tenure.span == one.mark.place.span);
    if let Some(tenure) = own {
        return people::end_tenure(record, tenure, case.on);
    }
    let path = people::path_of(record, one.mark.place.span).filter(|_| one.from < case.on);
    let cure = Cure::new(format!("`{}` no longer Alternate (`until`) by {}", one.person, case.on));
    cure.at(path, "it began on the day judged, or its entry has no key of its own", |cure, path| {
        cure.set(record.subject(), format!("{path}.until"), case.on.to_string())
    })
}

fn judge_one(
    scope: &Scope<'_>,
    index: usize,
    one: &Member<'_>,
    max: usize,
    per: Per,
    record: &Record,
    case: &Case<'_>,
) -> Said {
    let certain = scope.certain(index, one, max, per, case);
    let slot = one.person.to_owned();
    if certain.len() >= max {
        let last = certain.last().and_then(|at| scope.members.get(*at));
        let (other, which) = last.map_or((one, None), |other| (other, share(one, other, per, case).1));
        let ids =
            which.and_then(|(first, second)| Some((one.employers.all.get(first)?, other.employers.all.get(second)?)));
        let chain = ids.map(|(mine, theirs)| people::chain_marks(case, mine.id, theirs.id)).unwrap_or_default();
        let how = match ids {
            Some((mine, theirs)) if mine.id == theirs.id => format!("both are employed by `{}`", mine.id),
            Some((mine, theirs)) => {
                format!("their employers are Affiliates: {}", people::chain_names(case, mine.id, theirs.id))
            }
            None => "they share an employer".to_owned(),
        };
        let message = format!(
            "{}: `{}` and `{}` count together: {how}; at most {max} may",
            people::name(record),
            one.person,
            other.person
        );
        let employed = ids.into_iter().flat_map(|(mine, theirs)| [(one.person, mine), (other.person, theirs)]);
        let marks =
            employed.map(|(person, by)| Mark::new(by.file, by.span, format!("`{person}` is employed by `{}`", by.id)));
        return Said::new(slot, Outcome::Breach, message)
            .help("name somebody of another organisation, or end the affiliation that no longer holds")
            .mark(one.mark.clone())
            .mark(other.mark.clone())
            .marks(marks)
            .marks(chain);
    }
    let possible = scope.possible(index, one, max, per, case);
    if certain.len().saturating_add(possible.len()) >= max {
        let names: Vec<_> = possible.iter().take(SHOWN).map(|other| format!("`{}`", other.person)).collect();
        let message = format!(
            "{}: whether `{}` shares {} with {} is not recorded",
            people::name(record),
            one.person,
            if per == Per::Employer { "an employer" } else { "a group" },
            names.join(", ")
        );
        let most = max.saturating_add(SHOWN);
        let lacking = scope.sharing(&[&scope.missing], index, one, most, per, case);
        let missing = one
            .employers
            .missing
            .iter()
            .chain(lacking.iter().filter_map(|other| other.employers.missing.as_ref()))
            .cloned();
        let bad = one.employers.bad || !scope.sharing(&[&scope.bad], index, one, most, per, case).is_empty();
        return Said::new(slot, Outcome::Unknown, message)
            .help("record the employers (`employment`), and say in `registry.toml` when every Party and organisation is recorded")
            .mark(one.mark.clone())
            .marks(missing.take(SHOWN))
            .silent(bad);
    }
    let message = format!("{}: `{}` shares nothing with those who came before", people::name(record), one.person);
    Said::new(slot, Outcome::Pass, message).mark(one.mark.clone())
}
