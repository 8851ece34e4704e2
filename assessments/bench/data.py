"""A province made up by set-based SQL: villages with an officer each, and months of visits with all their parts."""

from typing import Any

from patrols.choices import ReportKind
from xinjin.periods import Month

VISITS = 5
CALLS = 5

PLACES = """
INSERT INTO villages_unit (code, name, kind, phone, position, is_active)
    SELECT 's' || n, 'S' || n, 'station', '', n, true FROM generate_series(1, 8) n;
INSERT INTO villages_township (code, name) VALUES ('510000000', 'T');
INSERT INTO villages_village (code, name, official_name, kind, address, valid_from, pinyin, initials, station_id,
        township_id)
    SELECT code, left(name, 30), '', 'village', '', '2020-01-01', '', '',
        (SELECT id FROM villages_unit WHERE position = 1 + n %% 8), (SELECT id FROM villages_township)
    FROM unnest(%(codes)s::text[], %(names)s::text[]) WITH ORDINALITY village (code, name, n);
INSERT INTO villages_officer (number, name, kind, post, phone, is_party_member, state, pinyin, initials, unit_id)
    SELECT 'N' || id, 'P' || id, 'liaison', '', '', false, 'active', '', '', station_id FROM villages_village;
INSERT INTO villages_assignment (start_on, slot, officer_id, village_id)
    SELECT '2020-01-01', 'officer', officer.id, village.id
    FROM villages_village village JOIN villages_officer officer ON officer.number = 'N' || village.id;
INSERT INTO villages_household (address, head_name, phone, tags, pinyin, initials, village_id)
    SELECT n || '号', '', '', '{}', '', '', id FROM villages_village, generate_series(1, 10) n;
"""

# Visits are spread over the month, so that few villages are alike. Each draws its five households in turn, does one
# deed and everything else that a week asks for.
WORK = """
CREATE TEMPORARY TABLE made ON COMMIT DROP AS
    SELECT gen_random_uuid() AS id, held.id AS assignment_id, held.officer_id, held.village_id, number,
        %(start)s::date + ((number * 7919 + held.id * 104729 + number * held.id * 31) %% %(days)s)::int AS visited_on
    FROM generate_series(0, %(visits)s - 1) number, villages_assignment held;
INSERT INTO patrols_visit (id, visited_on, started_at, ended_at, summary, photo_waiver, shortfall_reason, state,
        submitted_at, is_late, min_households, min_deeds, min_photos, household_count, deed_count, photo_count,
        revision, created_at, saved_at, saved_by_step, officer_id, village_id)
    SELECT id, visited_on, '09:00', '12:00', repeat('走访农户', 20), '无', '', 'submitted', now(), false,
        5, 1, 1, 5, 1, 0, 1, now(), now(), 0, officer_id, village_id FROM made;
INSERT INTO patrols_attendee (visit_id, visited_on, is_counting, officer_id, assignment_id)
    SELECT id, visited_on, true, officer_id, assignment_id FROM made;
INSERT INTO patrols_householdcall (called_on, spoke_with, topics, raised, case_kind, position, household_id, visit_id,
        entered)
    SELECT visited_on, '', '{}', '', '', n, home.first + (made.number * 2 + n) %% 10, made.id, ''
    FROM made JOIN (SELECT village_id, min(id) AS first FROM villages_household GROUP BY village_id) home
        USING (village_id), generate_series(0, %(calls)s - 1) n;
INSERT INTO patrols_deed (beneficiary, matter, outcome, result, position, visit_id, visited_on)
    SELECT '某户', '代办', 'done', '办结', 0, id, visited_on FROM made;
INSERT INTO patrols_activity (kind, nothing_found, note, opens_case, visit_id, visited_on)
    SELECT kind, kind = 'screening', '', false, id, visited_on
    FROM made, unnest(ARRAY['briefing', 'publicity', 'group_patrol', 'screening']) kind;
"""

# A briefing of every second village and week given on its own page; most of these weeks are ticked in a log as well.
BRIEFINGS = """
WITH given AS (
    INSERT INTO patrols_briefing (starts_on, text, state, ways, audience, given_on, figures, revision, saved_at,
            village_id)
        SELECT monday, '请关好门窗', 'given', '{meeting}', '', monday + 2, '{}', 1, now(), village.id
        FROM villages_village village, unnest(%(mondays)s::date[]) monday WHERE village.id %% 2 = 0
        RETURNING id, village_id, given_on)
INSERT INTO patrols_briefinggiver (briefing_id, officer_id, assignment_id, given_on)
    SELECT given.id, held.officer_id, held.id, given.given_on
    FROM given JOIN villages_assignment held USING (village_id);
"""

# A council a month, in which its officer sat.
COUNCILS = """
CREATE TEMPORARY TABLE sat ON COMMIT DROP AS
    SELECT gen_random_uuid() AS id, held.id AS assignment_id, held.officer_id, held.village_id,
        %(start)s::date + (held.id * 104729 %% %(days)s)::int AS held_on FROM villages_assignment held;
INSERT INTO patrols_councilmeeting (id, held_on, started_at, ended_at, place, chair, expected_count, present_count,
        roles, situation_month, agenda, situation, minutes, decisions, state, handed_in_at, figures, comment, revision,
        created_at, officer_id, village_id)
    SELECT id, held_on, '09:00', '10:00', '村委会', '村支书', 30, 25, '{}', to_char(held_on, 'YYYY-MM'), '通报',
        repeat('平稳', 20), '', '', 'held', now(), '{}', '', 1, now(), officer_id, village_id FROM sat;
INSERT INTO patrols_councilattendee (held_on, is_counting, has_analysis, assignment_id, meeting_id, officer_id)
    SELECT held_on, true, true, assignment_id, id, officer_id FROM sat;
"""

REPORTS = """
INSERT INTO patrols_workreport (kind, period, period_end_on, due_on, state, figures, summary, problems, plan,
        submitted_at, is_late, comment, instructions, revision, created_at, addressee_id, officer_id)
    SELECT %(kind)s, %(period)s, %(end)s, %(end)s, 'submitted', '{}', '', '', '', now(), id %% 9 = 0, '', '', 1, now(),
        unit_id, id FROM villages_officer;
"""


# Rows made here refer to rows made here; checking ten million references one by one would take most of the time.
UNCHECKED = """
DO $$ DECLARE made record; BEGIN
    FOR made IN SELECT conrelid::regclass AS tab, conname FROM pg_constraint
        WHERE contype = 'f' AND conrelid::regclass::text LIKE 'patrols_%'
    LOOP EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', made.tab, made.conname); END LOOP;
END $$;
"""


def make_places(cursor: Any, villages: list[tuple[str, str]], *, checked: bool = False) -> None:
    """Villages (code, name), an officer in each, ten households in each. `checked` keeps the foreign keys."""
    if not checked:
        cursor.execute(UNCHECKED)
    cursor.execute(PLACES, {"codes": [code for code, _name in villages], "names": [name for _code, name in villages]})


def make_month(cursor: Any, month: Month, *, visits: int = VISITS) -> None:
    """So many visits of every village in the month, its council, and everybody's reports on it and its weeks."""
    counted = month.counted
    days = (counted.end - counted.start).days + 1
    cursor.execute(WORK, {"start": counted.start, "days": days, "visits": visits, "calls": CALLS})
    cursor.execute(BRIEFINGS, {"mondays": [week.start for week in month.weeks()]})
    cursor.execute(COUNCILS, {"start": counted.start, "days": days})
    for kind, period in [(ReportKind.MONTHLY, month), *((ReportKind.WEEKLY, week) for week in month.weeks())]:
        cursor.execute(REPORTS, {"kind": kind.value, "period": period.key, "end": period.end})
