//! The calendar of the coming weeks: every plan that falls into them, whatever kind it is of.

use super::{
    super::{
        calendar,
        desk::Desk,
        model::{Block, Line},
    },
    lines,
};
use crate::record::Kind;

pub(super) fn write(desk: &Desk<'_>) -> Vec<Block> {
    let near = calendar::plans(desk).into_iter().filter(|plan| lines::is_near(desk, plan.when).possible());
    let rows = near.map(|plan| {
        let called_off = plan.called_off.map_or_else(Line::default, |off| Line::plain(": ").token(off));
        let moved = if plan.moves == 0 { Line::default() } else { Line::plain(" (moved)") };
        vec![plan.day.into(), plan.what.then(called_off).then(moved), plan.who]
    });
    vec![lines::section("Calendar"), lines::table(desk, Kind::Event, "Coming", &["Day", "What", "Who"], rows.collect())]
}
