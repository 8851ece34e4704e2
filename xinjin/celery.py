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
# Whoever sends a message, in whichever thread, means this application.
app.set_default()
app.conf.beat_schedule = {
    # Reminders that have become due, for everyone; once a minute, and harmless when twice.
    "sweep": {"task": "patrols.sweep", "schedule": 60.0, "options": {"expires": 55}},
    # Files that killed uploads have left; harmless when twice.
    "sweep-photos": {"task": "patrols.sweep_photos", "schedule": crontab(hour="3", minute="40")},
    # Background jobs whose message was lost or whose worker died; old ones are deleted.
    "sweep-jobs": {"task": "jobs.sweep", "schedule": 30.0, "options": {"expires": 25}},
    # Drafts in which nobody writes any more: told of, then deleted.
    "tidy-drafts": {"task": "patrols.tidy_drafts", "schedule": crontab(minute="20"), "options": {"expires": 3000}},
    # The month that has ended is computed and opened for objections.
    "open-period": {"task": "assessments.open_period", "schedule": crontab(hour="1", minute="10")},
    # What the API was asked a day ago is asked no more.
    "forget-answers": {"task": "idempotency.forget_answers", "schedule": crontab(minute="40")},
}
app.autodiscover_tasks()
