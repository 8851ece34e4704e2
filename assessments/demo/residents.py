"""The residents of the demo: contacts of the villages (R3), and households."""

from datetime import date, timedelta
from random import Random

from assessments.demo import phrases
from assessments.demo.roster import Roster, mobile
from villages.choices import ContactKind, VillageKind
from villages.models import Household, Village, VillageContact
from villages.pinyin import spell

HOUSEHOLDS_PER_VILLAGE = 40


def contacts_of(roster: Roster, village: Village, start: date) -> list[VillageContact]:
    """The village's cadres, grid members and the head of its volunteers."""
    random = roster.random

    def contact(kind: ContactKind, post: str) -> VillageContact:
        phone = mobile(random)
        name = roster.name()
        pinyin, initials = spell(name, person=True)
        return VillageContact(
            village=village,
            kind=kind,
            name=name,
            pinyin=pinyin,
            initials=initials,
            post=post,
            phone=phone,
            start_on=start,
        )

    return [
        *(contact(ContactKind.COMMITTEE, post) for post in random.sample(phrases()["cadre_posts"], 2)),
        *(contact(ContactKind.GRID_MEMBER, f"第{number}网格") for number in (1, 2)),
        contact(ContactKind.VOLUNTEER, "红袖章队长"),
    ]


def former_contacts(villages: list[Village], start: date) -> list[VillageContact]:
    """In every third village a grid member who has been replaced."""
    random, words, found = Random("contacts"), phrases(), []  # noqa: S311
    for village in villages[::3]:
        name = random.choice(words["surnames"]) + random.choice(words["male"])
        pinyin, initials = spell(name, person=True)
        began = start - timedelta(days=random.randrange(200, 700))
        found.append(
            VillageContact(
                village=village,
                kind=ContactKind.GRID_MEMBER,
                name=name,
                pinyin=pinyin,
                initials=initials,
                post="第1网格",
                phone=mobile(random),
                start_on=max(began, village.valid_from),
                end_on=max(start - timedelta(days=1), village.valid_from),
            )
        )
    return found


def make_households(roster: Roster, villages: list[Village]) -> None:
    """Forty households in each village, some with a tag and most with a phone."""
    random, words = roster.random, phrases()
    # Phones and second tags come from a source of their own, so that the rest of the demo stays as it is.
    extra = Random("households")  # noqa: S311
    households = []
    for village in villages:
        seen: set[str] = set()
        while len(seen) < HOUSEHOLDS_PER_VILLAGE:
            if village.kind == VillageKind.VILLAGE:
                address = f"{random.randrange(1, 9)}组{random.randrange(1, 90)}号"
            else:
                address = f"{random.choice(words['streets'])}{random.randrange(1, 200)}号{random.randrange(1, 9)}栋"
                address += f"{random.randrange(1, 4)}单元{random.randrange(1, 18)}0{random.randrange(1, 5)}"
            seen.add(address)
        for address in sorted(seen):
            given = words["male"] if random.random() < 0.6 else words["female"]
            name = random.choice(words["surnames"]) + random.choice(given)
            pinyin, initials = spell(name, person=True)
            tags = random.choices([[], ["living_alone"], ["left_behind"], ["rented"], ["shop"]], [80, 8, 4, 5, 3])[0]
            if extra.random() < 0.06:
                tags = sorted({*tags, extra.choice(["hardship", "living_alone"])})
            phone = mobile(extra) if extra.random() < 0.7 else ""
            households.append(
                Household(
                    village=village,
                    address=address,
                    head_name=name,
                    phone=phone,
                    pinyin=pinyin,
                    initials=initials,
                    tags=tags,
                )
            )
    Household.objects.bulk_create(households, batch_size=2000)
