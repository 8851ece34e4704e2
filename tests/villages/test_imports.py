"""A table from a station: every mistake at once, the error file corrected and sent again, a rerun that adds nothing."""

from datetime import date, datetime

import pytest
from django.db import connection

from tests.factories import make_household, make_officer
from tests.villages.tables import address, labels, lines_of, read, send, workbook
from villages.choices import OfficerKind
from villages.imports.kinds import CONTACTS, HOUSEHOLDS, KINDS, OFFICERS, VILLAGES
from villages.models import Household, Officer, Village, VillageContact
from xinjin.accounts.roles import Role
from xinjin.audit.models import Event
from xinjin.jobs.models import JobRun, JobState

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.fixture
def clerk(world, client):
    """A browser of the own station's clerk."""
    client.force_login(world.own.clerk.user)
    return client


def checked() -> JobRun:
    """The dry run begun last."""
    return JobRun.objects.filter(kind="villages.import_check").latest("started_at")


def mistakes() -> list[tuple]:
    """(row, column, value, reason) of everything that is wrong in the file sent last."""
    return [
        (row["row"], row["column"], row["value"], row["reason"]) for row in checked().report["mistakes"]
    ]


def confirm(client, kind):
    """Imports what the dry run has shown."""
    return client.post(address(kind, "import_check", checked().pk), follow=True)


def counts() -> tuple[int, int, int]:
    report = checked().report
    return report["new"], report["changed"], report["same"]


def test_smoke(world, clerk):
    lines = [labels(HOUSEHOLDS), [world.own.village.code, "1组1号", "李　伟", "１３９", "独居老人、出租"]]
    response = send(clerk, HOUSEHOLDS, workbook(lines))
    print(response.redirect_chain, mistakes(), checked().message)
    print(confirm(clerk, HOUSEHOLDS).redirect_chain, Household.objects.values())
    print([str(c) for c in labels(OFFICERS)], [str(c) for c in labels(HOUSEHOLDS)])
