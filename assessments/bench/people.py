"""What rights cost in a list, and how fast a household is found: 200 villages, 25,000 visits, 126,000 calls.

A station's list of visits against the same list of the whole bureau; a search among 100,000 households in one village,
which is far more than any village has, and among the households of 200 villages; each against the bare SQL.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial
from random import Random
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.bench.data import WORK, make_places
from assessments.bench.spine import best_of, settle
from patrols.models import HouseholdCall, Visit
from villages.households import FOUND_AT_ONCE, search_households
from villages.models import Household, Officer, Unit, Village
from villages.pinyin import spell
from xinjin.accounts.models import RoleGrant, User
from xinjin.accounts.roles import Role


class Size(NamedTuple):
    """Villages, visits of each, households of the one that has many more."""

    villages: int
    visits: int
    households: int


FULL, SMALL = Size(200, 125, 100_000), Size(22, 2, 40)
DAYS, EXTRA_CALLS = 365, 1_000
SURNAMES = "王李张刘陈杨黄周吴徐孙马朱胡郭何林罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁任卢姚沈"
GIVEN = "建国志强伟勇军磊涛明超斌刚平辉鹏杰波永贵德海峰文彬晓东俊浩然子轩天佑正华光荣秀英桂芳敏静丽娟艳玲燕红梅春兰"
# What is typed: a given name, the beginning of a name, initials, pinyin, a part of an address, nothing that exists.
TERMS = ("志强", "王建", "zq", "wjg", "zhangwei", "7组", "龘龘")

NAMED = """
INSERT INTO villages_household (address, head_name, phone, tags, pinyin, initials, village_id)
    SELECT (1 + n %% 12) || '组' || n || '号', names.name, '', '{}', names.pinyin, names.initials, %(village)s
    FROM generate_series(1, %(rows)s) n
    JOIN unnest(%(names)s::text[], %(pinyin)s::text[], %(initials)s::text[])
        WITH ORDINALITY names (name, pinyin, initials, position) ON names.position = 1 + n * 7919 %% %(count)s
"""
SPREAD = """
UPDATE villages_household home SET head_name = names.name, pinyin = names.pinyin, initials = names.initials
    FROM unnest(%(names)s::text[], %(pinyin)s::text[], %(initials)s::text[])
        WITH ORDINALITY names (name, pinyin, initials, position)
    WHERE names.position = 1 + home.id %% %(count)s;
"""
MORE_CALLS = """
INSERT INTO patrols_householdcall (called_on, spoke_with, topics, raised, case_kind, position, household_id, visit_id,
        entered)
    SELECT visited_on, '', '{}', '', '', 9, NULL, id, '' FROM patrols_visit ORDER BY id LIMIT %(rows)s
"""
BARE_SEARCH = """
SELECT id, village_id, address, head_name, phone, tags, pinyin, initials FROM villages_household
    WHERE village_id = %(village)s AND (address LIKE %(holds)s OR head_name LIKE %(holds)s
        OR pinyin LIKE %(begins)s OR initials LIKE %(begins)s)
    ORDER BY address, id LIMIT 20
"""


def _names() -> dict[str, Any]:
    random = Random(1)  # noqa: S311
    names = sorted({random.choice(SURNAMES) + "".join(random.choices(GIVEN, k=2)) for _ in range(4000)})
    spelled = [spell(name, person=True) for name in names]
    return {
        "names": names,
        "pinyin": [full for full, _initials in spelled],
        "initials": [initials for _full, initials in spelled],
        "count": len(names),
    }


def fill(size: Size) -> Village:
    """The district of the bench; returns the village that has all the households."""
    today = timezone.localdate()
    names = _names()
    with transaction.atomic(), connection.cursor() as cursor:
        make_places(cursor, [(f"{510000000000 + number}", f"V{number}") for number in range(size.villages)])
        start = today - timedelta(days=DAYS)
        cursor.execute(WORK, {"start": start, "days": DAYS, "visits": size.visits, "calls": 5})
        cursor.execute(MORE_CALLS, {"rows": EXTRA_CALLS})
        cursor.execute(SPREAD, names)
        model = Village.objects.order_by("pk")[0]
        big = Village.objects.create(
            code="519999999999",
            name="B",
            kind="village",
            township_id=model.township_id,
            station_id=model.station_id,
            valid_from=model.valid_from,
        )
        cursor.execute(NAMED, {**names, "village": big.pk, "rows": size.households})
    settle()
    return big


def client_as(role: Role, unit: Unit | None = None) -> Client:
    """A browser in which somebody with the role has signed in, at `unit` where the role is held at one."""
    user = User.objects.create(username=f"bench-{role}", display_name=str(role))
    RoleGrant.objects.create(user=user, role=role, granted_at=timezone.now(), granted_reason="bench")
    if unit is not None:
        Officer.objects.create(number=f"B{user.pk}", name="B", kind="staff", unit=unit, user=user)
    client = Client()
    client.force_login(user)
    return client


def _page(client: Client) -> Callable[[], Any]:
    def ask() -> None:
        answer = client.get(reverse("visit_list"))
        if answer.status_code != 200:
            raise RuntimeError(f"the list of visits answered {answer.status_code}")

    return ask


def _rows(role: Role) -> Callable[[], Any]:
    """A page of the role's list and its count, without the page around it."""
    visits = Visit.objects.allowed(User.objects.get(username=f"bench-{role}"))
    return lambda: (list(visits.listed()[:50]), visits.count())


def _searches(villages: list[Village], *, bare: bool) -> Callable[[], Any]:
    def by_orm() -> None:
        for village in villages:
            for term in TERMS:
                list(search_households(village, term, by_name=True)[:FOUND_AT_ONCE])

    def by_sql() -> None:
        with connection.cursor() as cursor:
            for village in villages:
                for term in TERMS:
                    values: dict[str, Any] = {"village": village.pk, "holds": f"%{term}%", "begins": f"{term.lower()}%"}
                    cursor.execute(BARE_SEARCH, values)
                    cursor.fetchall()

    return by_sql if bare else by_orm


def run(say: Callable[[str], None], options: Mapping[str, Any]) -> None:
    """The bench "people": milliseconds and ratios."""
    size = SMALL if options["small"] else FULL
    big = fill(size)
    say(f"visits {Visit.objects.count()}, calls {HouseholdCall.objects.count()}, officers {Officer.objects.count()}")
    chief = client_as(Role.STATION_CHIEF, big.station)
    brigade = client_as(Role.BRIGADE)
    for client in (chief, brigade):
        _page(client)()  # what is read once for each process
    scoped, unscoped = best_of(_page(chief), _page(brigade))
    say(
        f"list of visits: station {scoped * 1000:.0f} ms, bureau {unscoped * 1000:.0f} ms,"
        f" ratio {scoped / unscoped:.2f} (limit 1.25)"
    )
    scoped, unscoped = best_of(_rows(Role.STATION_CHIEF), _rows(Role.BRIGADE))
    say(
        f"  its rows and count alone: {scoped * 1000:.1f} ms, bureau {unscoped * 1000:.1f} ms,"
        f" ratio {scoped / unscoped:.2f} (limit 1.25)"
    )
    for villages, words in (
        ([big], f"one village of {size.households}"),
        (
            list(Village.objects.exclude(pk=big.pk).order_by("pk")[:20]),
            f"{Household.objects.count()} in all, by village",
        ),
    ):
        took = best_of(_searches(villages, bare=True), _searches(villages, bare=False))
        bare, ours = (seconds / len(TERMS) / len(villages) for seconds in took)
        limits = " (limits 100 ms, 1.50)" if villages == [big] else "; the difference is the cost of making a query"
        say(
            f"household search, {words}: {ours * 1000:.1f} ms, bare SQL {bare * 1000:.1f} ms,"
            f" ratio {ours / bare:.2f}{limits}"
        )
    took = best_of(*(partial(_first_found, big, term) for term in TERMS))
    slowest, term = max(zip(took, TERMS, strict=True))
    say(f"  slowest term {term}: {slowest * 1000:.0f} ms (limit 100 ms)")


def _first_found(village: Village, term: str) -> list[Household]:
    return list(search_households(village, term, by_name=True)[:FOUND_AT_ONCE])
