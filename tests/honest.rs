//! Two hundred honest pull requests, one upon the other, as contributors make them: none of them raises
//! a flag that `tests/attacks.rs` shows to be raised by a hostile one.

use crate::common::{Repo, check, orchard_in_git};

const CHANGES: usize = 200;
const NAMES: &[&str] = &[
    "Zoë Müller",
    "Łukasz Żak",
    "Søren Åkesson",
    "Siân O'Neill",
    "José Núñez",
    "Anne-Marie D'Arcy",
    "Nguyễn Thị Mai",
    "Иван Жуков",
    "Δήμητρα Ψαρρού",
    "王芳",
    "Mc Donald & Sons (Perry) Ltd.",
    "Größe Obst GmbH",
    "L’Érable – Vergers",
];

/// Numbers that look drawn and are the same in every run.
struct Draw(u64);

impl Draw {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end
    }

    fn of<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[self.below(all.len())]
    }
}

/// What the orchard has come to, as far as the next change needs to know.
struct Story {
    repo: Repo,
    draw: Draw,
    parties: Vec<String>,
    /// People who hold no seat.
    people: Vec<String>,
    chair: String,
    /// How far the position was moved on when somebody took the chair.
    seated: u32,
    /// Days that the position was moved on.
    moved: u32,
}

impl Story {
    fn position(&self) -> String {
        let first = chrono::NaiveDate::from_ymd_opt(2016, 9, 30).unwrap();
        (first + chrono::Days::new(self.moved.into())).to_string()
    }

    fn party(&mut self, number: usize) -> String {
        let (id, name) = (format!("party-{number}"), self.draw.of(NAMES));
        let category = self.draw.of(&["grower", "packer"]);
        self.repo.write(
            &format!("registry/parties/{id}.toml"),
            format!(
                "name = \"{name} {number}\"\nacceded = 2016-01-01\nsource = [\"minutes\"]\ncategory = [{{ is = \"{category}\", from = 2016-01-01 }}]\nregistration-data = [{{ feed = \"daily\", from = 2016-01-01 }}]\n"
            ),
        );
        self.parties.push(id.clone());
        format!("{id} accedes")
    }

    fn person(&mut self, number: usize) -> String {
        let (id, name) = (format!("person-{number}"), self.draw.of(NAMES));
        self.repo.write(
            &format!("registry/people/{id}.toml"),
            format!("name = \"{name}\"\nsource = [\"minutes\"]\nemployment = [{{ by = \"board-staff\", from = 2016-01-01 }}]\n"),
        );
        self.people.push(id.clone());
        format!("{id} is met")
    }

    fn leave(&mut self, number: usize) -> String {
        let id = format!("late-{number}");
        self.repo.write(
            &format!("registry/parties/{id}.toml"),
            format!("name = \"Late {number}\"\nacceded = 2016-01-01\nsource = [\"minutes\"]\ncategory = [{{ is = \"grower\", from = 2016-01-01 }}]\nregistration-data = []\n"),
        );
        self.repo.write(
            &format!("registry/derogations/{id}.toml"),
            format!("rule = \"grower-feeds\"\nsubject = \"parties/{id}\"\nfrom = 2016-01-01\nuntil = 2017-06-01\ngranted-by = \"board\"\nreason = \"its scales are being built\"\nsource = [\"minutes\"]\n"),
        );
        format!("the board gives {id} leave")
    }

    /// One record in another form, and one that has more to say.
    fn reword(&mut self, number: usize) -> String {
        let at = self.draw.below(self.parties.len());
        let path = format!("registry/parties/{}.toml", self.parties[at]);
        let text = std::fs::read_to_string(self.repo.path(&path)).unwrap();
        let lines: Vec<_> = text.lines().filter(|line| !line.starts_with('#')).collect();
        self.repo.write(&path, format!("# seen in list {number}\n{}\n", lines.join("\n")));
        format!("{path} in another form")
    }

    /// Somebody else takes the chair, at most once a day.
    fn chair(&mut self) -> Option<String> {
        if self.moved <= self.seated {
            return None;
        }
        let next = self.people.pop()?;
        self.seated = self.moved;
        let day = self.position();
        let path = "registry/seats/board/chair.toml";
        let text = std::fs::read_to_string(self.repo.path(path)).unwrap();
        let (before, due) = text.trim_end().rsplit_once(" }]").unwrap().0.rsplit_once(", due-to-end = ").unwrap();
        let term = day.replacen("2016", "2017", 1);
        let ended = format!(
            "{before}, due-to-end = {due}, ended = {day} }}, {{ holder = \"{next}\", from = {day}, due-to-end = {term} }}]\n"
        );
        self.repo.write(path, ended);
        let told = format!("{next} takes the chair from {}", self.chair);
        self.chair = next;
        Some(told)
    }

    fn another_day(&mut self) -> Option<String> {
        let was = self.position();
        self.moved = (self.moved < 60).then_some(self.moved + 1)?;
        self.repo.edit("registry/registry.toml", &was, &self.position());
        Some("another day".to_owned())
    }

    /// Makes a change, and says which.
    fn change(&mut self, number: usize) -> String {
        let drawn = self.draw.below(6);
        let made = match drawn {
            0 => Some(self.person(number)),
            1 => Some(self.leave(number)),
            2 => Some(self.reword(number)),
            3 => self.chair(),
            4 => self.another_day(),
            _ => None,
        };
        made.unwrap_or_else(|| self.party(number))
    }
}

#[test]
fn two_hundred_honest_changes_raise_no_flag() {
    let mut story = Story {
        repo: orchard_in_git(),
        draw: Draw(20_160_930),
        parties: vec!["acorn".to_owned(), "birch".to_owned()],
        people: Vec::new(),
        chair: "dee".to_owned(),
        seated: 0,
        moved: 0,
    };
    let mut flagged = Vec::new();
    for number in 0..CHANGES {
        let told = story.change(number);
        story.repo.commit(&told);
        let run = check(&story.repo, &["--at", "HEAD", "--base", "HEAD~1"]);
        let new = run.findings().into_iter().filter(|one| one["status"] == "new" && one["level"] != "note");
        flagged.extend(new.map(|one| format!("{told}: {} on {}: {}", one["rule"], one["subject"], one["message"])));
        assert!(run.status == 0 || !flagged.is_empty(), "{told}: {run:?}");
    }
    assert!(flagged.is_empty(), "{} flags:\n{}", flagged.len(), flagged.join("\n"));
}
