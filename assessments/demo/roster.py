"""Who is who while the demo is being made, and the one source of its chances."""

from dataclasses import dataclass, field
from datetime import date
from itertools import count
from random import Random

from assessments.demo import phrases
from villages.choices import OfficerKind
from villages.models import Officer, Unit
from villages.pinyin import spell

# Where the demo officer, the demo auxiliary, the demo clerk and the demo chief work.
DEMO_TOWNSHIP, DEMO_VILLAGE, DEMO_COMMUNITY = "510118004", "510118004202", "510118004001"


def mobile(random: Random) -> str:
    """A mobile number."""
    return f"1{random.choice('35789')}{random.randrange(10**9):09}"


@dataclass
class Roster:
    """Who is who while the demo is being made."""

    random: Random
    today: date
    since: date
    officers: list[Officer] = field(default_factory=list)
    chiefs: dict[int, Officer] = field(default_factory=dict)
    leaders: dict[int, Officer] = field(default_factory=dict)
    holders: dict[tuple[int, str], Officer] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    numbers: "count[int]" = field(default_factory=lambda: count(1))

    def name(self) -> str:
        """A name that nobody has yet; a few are rare or long."""
        words = phrases()
        while True:
            if self.random.random() < 0.02:
                name = self.random.choice(words["rare"])
            else:
                given = words["male"] if self.random.random() < 0.7 else words["female"]
                name = self.random.choice(words["surnames"]) + self.random.choice(given)
            if name not in self.names:
                self.names.add(name)
                return name

    def hire(self, kind: OfficerKind, unit: Unit, post: str = "") -> Officer:
        """Adds a person to the roster (saved later, all at once)."""
        prefix = "F" if kind == OfficerKind.AUXILIARY else ""
        name = self.name()
        pinyin, initials = spell(name, person=True)
        officer = Officer(
            number=f"{prefix}{118000 + next(self.numbers)}",
            name=name,
            pinyin=pinyin,
            initials=initials,
            kind=kind,
            unit=unit,
            post=post,
            phone=mobile(self.random),
            is_party_member=kind in (OfficerKind.PART_TIME, OfficerKind.LIAISON) or self.random.random() < 0.3,
        )
        self.officers.append(officer)
        return officer
