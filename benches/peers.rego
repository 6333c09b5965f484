# Three checks of `benches/peers`, as a policy over the records as JSON.
package registry

import rego.v1

employers := object.union(object.get(input, "parties", {}), object.get(input, "organisations", {}))

nobody := {"unknown", "vacant"}

problems contains {"record": id, "names": one.by} if {
	some id, person in input.people
	some one in list(person, "employment")
	dangles(one.by, employers)
}

problems contains {"record": id, "names": one.holder} if {
	some id, seat in input.seats
	some one in list(seat, "tenure")
	dangles(one.holder, input.people)
}

problems contains {"record": id, "names": one["with"]} if {
	some id, party in input.parties
	some one in list(party, "affiliation")
	dangles(one["with"], employers)
}

problems contains {"record": id, "from": one.from, "until": one[ends]} if {
	some [kind, key, ends] in [["people", "employment", "until"], ["seats", "tenure", "ended"], ["parties", "affiliation", "until"]]
	some id, record in input[kind]
	some one in list(record, key)
	is_day(one.from)
	is_day(one[ends])
	one[ends] <= one.from
}

problems contains {"record": id, "lacks": "full registration data"} if {
	some id, party in input.parties
	some category in list(party, "category")
	endswith(category.is, "-network")
	object.get(category, "until", "9999-12-31") > input.position
	not has_full_feed(party)
}

dangles(name, there) if {
	not name in nobody
	not there[name]
}

has_full_feed(party) if {
	some feed in list(party, "registration-data")
	feed.feed == "full"
}

# A whole day: not a month, and not one that is open to one side.
is_day(text) if {
	count(text) == 10
	not contains(text, "/")
}

list(record, key) := value if {
	value := object.get(record, key, [])
	is_array(value)
} else := []
