//! The pictures of a record: who held which seat when, which stage a proposal came to when; each with the
//! table that says the same.

use super::{
    Html, Page, Site,
    timeline::{self, Bar, Dot, Row},
};
use crate::{
    day::When,
    decode::Fact,
    record::{
        Body, Kind, Record,
        meeting::Meeting,
        modification::Modification,
        seat::{Seat, Tenure},
        word_of,
    },
};

/// How many seats or meetings one picture shows.
const MOST: usize = 400;

impl Site<'_> {
    /// The picture of a record, where its kind has one.
    pub(super) fn picture(&self, here: Page, record: &Record) -> Html {
        match &record.body {
            Body::Seat(seat) => self.seats(here, &[(record, seat)]),
            Body::Body(_) => self.body(here, record),
            Body::Modification(one) => self.stages(one),
            Body::Person(_) => self.held(here, record),
            _ => Html::default(),
        }
    }

    /// The seats and the meetings of a body.
    fn body(&self, here: Page, record: &Record) -> Html {
        let registry = &self.of.tree.registry;
        let of_body = |kind: Kind| registry.in_folder(kind, &record.id).filter_map(|at| registry.at(at)).take(MOST);
        let seats: Vec<(&Record, &Seat)> = of_body(Kind::Seat).filter_map(|one| Some((one, one.seat()?))).collect();
        let dots = of_body(Kind::Meeting).filter_map(Record::meeting).filter_map(dot).collect();
        let row = Row { label: "Meetings".to_owned(), dots, ..Row::default() };
        let meetings = timeline::draw("meetings", "Meetings", &[row], self.of.on);
        self.seats(here, &seats) + meetings
    }

    /// Seats with their tenures.
    fn seats(&self, here: Page, seats: &[(&Record, &Seat)]) -> Html {
        let rows: Vec<Row> = seats
            .iter()
            .map(|(record, seat)| Row {
                label: record.stem().to_owned(),
                bars: seat.tenure.iter().map(|tenure| self.bar(tenure)).collect(),
                dots: Vec::new(),
            })
            .collect();
        if rows.is_empty() {
            return Html::default();
        }
        let tenures = seats.iter().flat_map(|(record, seat)| seat.tenure.iter().map(|tenure| (*record, tenure)));
        let cells = tenures.map(|(record, tenure)| {
            let seat = self
                .position(&record.subject())
                .map_or_else(Html::default, |at| Html::link(&self.way(here, Page::Record(at)), record.stem()));
            let holder = match tenure.holder.known() {
                Some(holder) => self.link_id(here, &["people"], holder.as_ref(), ""),
                None => Html::text("not recorded").of_class("span", "unknown"),
            };
            vec![seat, holder, day(&tenure.from), day(&tenure.due_to_end), day(&tenure.ended)]
        });
        let columns = ["Seat", "Holder", "From", "Due to end", "Up to, not including"];
        timeline::draw("seats", "Who held which seat", &rows, self.of.on)
            + Html::table("Tenures", &columns, cells.collect::<Vec<_>>())
    }

    /// What a person held.
    fn held(&self, here: Page, record: &Record) -> Html {
        let Some(at) = self.position(&record.subject()) else { return Html::default() };
        let registry = &self.of.tree.registry;
        let named = self.named_by.get(&at).into_iter().flatten();
        let seats = named.filter_map(|at| registry.at(*at)).filter_map(|one| Some((one, one.seat()?)));
        let is_own = |tenure: &&Tenure| tenure.holder.known().is_some_and(|holder| *holder.as_ref() == *record.id);
        let (mut rows, mut cells) = (Vec::new(), Vec::new());
        for (seat, says) in seats.take(MOST) {
            let own: Vec<&Tenure> = says.tenure.iter().filter(is_own).collect();
            let bars = own.iter().map(|tenure| Bar { text: seat.id.to_string(), ..self.bar(tenure) }).collect();
            rows.push(Row { label: seat.id.to_string(), bars, dots: Vec::new() });
            let link = self
                .position(&seat.subject())
                .map_or_else(Html::default, |at| Html::link(&self.way(here, Page::Record(at)), &seat.id));
            cells.extend(
                own.iter().map(|one| vec![link.clone(), day(&one.from), day(&one.due_to_end), day(&one.ended)]),
            );
        }
        timeline::draw("seats", "Seats held", &rows, self.of.on)
            + Html::table("Seats held", &["Seat", "From", "Due to end", "Up to, not including"], cells)
    }

    fn bar(&self, tenure: &Tenure) -> Bar {
        let holder = tenure.holder.known().map(AsRef::as_ref);
        let text = match holder {
            Some("vacant") => "vacant".to_owned(),
            Some(id) => self
                .position(&format!("people/{id}"))
                .and_then(|at| self.of.tree.registry.at(at))
                .map_or_else(|| id.to_owned(), |person| self.called(person)),
            None => "holder not recorded".to_owned(),
        };
        Bar {
            from: tenure.from.when(),
            until: if tenure.ended.is_absent() { None } else { Some(tenure.ended.when().unwrap_or(When::UNKNOWN)) },
            text,
            class: if holder == Some("vacant") { "vacant" } else { "sure" },
        }
    }

    /// The stages that a proposal came to, and those that are planned.
    fn stages(&self, one: &Modification) -> Html {
        let mut rows: Vec<(Row, Html, &'static str)> = Vec::new();
        let mut add = |stage: String, on: &Fact<When>, class: &'static str, how: &'static str| {
            let dots = on.when().map(|when| Dot { when, text: stage.clone(), class });
            rows.push((Row { label: stage, bars: Vec::new(), dots: dots.into_iter().collect() }, day(on), how));
        };
        for step in one.step.iter() {
            add(word_of(&step.to), &step.on, "dot", "reached");
        }
        for plan in one.planned.iter() {
            add(word_of(&plan.to), &plan.on, "plan", "planned");
        }
        for part in one.implementation.iter() {
            let name = word_of(&part.part);
            let name = if name.is_empty() { "implementation".to_owned() } else { format!("implementation: {name}") };
            if part.actual.is_absent() {
                let planned = part.moved_to.items.last().unwrap_or(&part.planned);
                add(name, planned, "plan", "planned");
            } else {
                add(name, &part.actual, "dot", "took effect");
            }
        }
        let cells: Vec<Vec<Html>> =
            rows.iter().map(|(row, day, how)| vec![Html::text(&row.label), day.clone(), Html::text(how)]).collect();
        let rows: Vec<Row> = rows.into_iter().map(|(row, _, _)| row).collect();
        timeline::draw("stages", "Stages of the proposal", &rows, self.of.on)
            + Html::table("Stages", &["Stage", "Day", "How it stands"], cells)
    }
}

/// A meeting as a dot: where it was held, else where its plan stands.
fn dot(meeting: &Meeting) -> Option<Dot> {
    let when = meeting.day().when().filter(|when| when.first.is_finite() && when.last.is_finite())?;
    let (class, how) = match (&meeting.cancelled, &meeting.held) {
        (cancelled, _) if !cancelled.is_absent() => ("off", "called off"),
        (_, held) if !held.is_absent() => ("dot", "held"),
        _ => ("plan", "planned"),
    };
    let number = meeting.number.known().map_or_else(String::new, |number| format!(" {number}"));
    Some(Dot { when, text: format!("Meeting{number}, {how}"), class })
}

/// A day in a cell; empty where it is left out.
fn day(fact: &Fact<When>) -> Html {
    match (fact.is_absent(), fact.when()) {
        (true, _) => Html::default(),
        (false, Some(when)) => Html::text(&crate::report::say::when(when)),
        (false, None) => Html::text("not recorded").of_class("span", "unknown"),
    }
}
