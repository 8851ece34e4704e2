"""The Celery application and the timetable (Asia/Shanghai, R22).

Every job takes its date as an argument and is a management command too, so a missed run can be replayed. Two beats,
a lost message or an emptied Redis change nothing in the outcome: jobs find what is due from the database.
"""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xinjin.settings")

app = Celery("xinjin")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = {
    # Reminders that have become due, for everyone; once a minute, and harmless when twice.
    "sweep": {"task": "patrols.sweep", "schedule": 60.0, "options": {"expires": 55}},
    # Drafts in which nobody writes any more: told of, then deleted.
    "tidy-drafts": {"task": "patrols.tidy_drafts", "schedule": crontab(minute="20"), "options": {"expires": 3000}},
    # The month that has ended is computed and opened for objections.
    "open-period": {"task": "assessments.open_period", "schedule": crontab(hour="1", minute="10")},
}
app.autodiscover_tasks()
