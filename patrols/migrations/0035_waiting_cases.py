"""Cases that wait for others keep their weekly step and come back on a day; escalations say whom they told.

What stands already is filled in by the figures of today: it comes back once, and nothing is late by this alone.
"""

from django.db import migrations, models

# The weekly step of what was paused or referred had been forgotten: it begins anew a week from now.
DATA = [
    """
    UPDATE patrols_case SET next_step_on = (now() AT TIME ZONE 'Asia/Shanghai')::date + 7
        WHERE state IN ('paused', 'referred') AND level IN ('orange', 'red') AND next_step_on IS NULL
    """,
    """
    UPDATE patrols_casereferral SET answer_due_on = referred_on + 15
        WHERE answered_on IS NULL AND answer_due_on IS NULL
    """,
    """
    UPDATE patrols_case c SET waits_until = referral.answer_due_on
        FROM patrols_casereferral referral
        WHERE referral.case_id = c.id AND referral.answered_on IS NULL AND c.state = 'referred'
    """,
    """
    UPDATE patrols_case c SET waits_until = pause.start_on + 30
        FROM patrols_caseterm term JOIN patrols_casepause pause ON pause.term_id = term.id
        WHERE term.case_id = c.id AND pause.end_on IS NULL AND term.ended_on IS NULL AND c.state = 'paused'
    """,
    """
    UPDATE patrols_caseescalation escalation SET for_day = c.red_on
        FROM patrols_caseterm term JOIN patrols_case c ON c.id = term.case_id
        WHERE term.id = escalation.term_id AND step IN ('committees', 'leader') AND escalation.for_day IS NULL
    """,
]


class Migration(migrations.Migration):
    dependencies = [("patrols", "0034_ledger_norms")]

    operations = [
        migrations.AddField(
            model_name="case",
            name="waits_until",
            field=models.DateField(blank=True, null=True, verbose_name="waits until"),
        ),
        migrations.AddField(
            model_name="caseescalation",
            name="told_to",
            field=models.CharField(blank=True, max_length=200, verbose_name="told to"),
        ),
        migrations.AddField(
            model_name="casepause",
            name="expected_on",
            field=models.DateField(null=True, verbose_name="expected to end on"),
        ),
        migrations.AlterField(
            model_name="casetransition",
            name="act",
            field=models.CharField(
                choices=[
                    ("open", "Case opened"),
                    ("step", "Step"),
                    ("level", "Level changed"),
                    ("pause", "Clock paused"),
                    ("resume", "Clock resumed"),
                    ("refer", "Referred"),
                    ("referral_answer", "Answer of the other body"),
                    ("resolve", "Resolved"),
                    ("answer", "Answer given back"),
                    ("follow_up", "Follow-up call"),
                    ("close", "Closed"),
                    ("reopen", "Reopened"),
                    ("assign", "Handed to"),
                    ("lead", "Leader named"),
                    ("inform", "Committees informed"),
                    ("merge", "Merged"),
                    ("split", "Split"),
                    ("link", "Linked"),
                    ("move", "Moved with its village"),
                ],
                max_length=20,
                verbose_name="act",
            ),
        ),
        migrations.AlterField(
            model_name="inboxitem",
            name="kind",
            field=models.CharField(
                choices=[
                    ("week_duties", "The week still lacks something"),
                    ("weekly_report", "Weekly report is due"),
                    ("monthly_report", "Monthly report is due"),
                    ("visit_returned", "Visit log was returned"),
                    ("draft_expiring", "Draft will be deleted"),
                    ("draft_expired", "Draft was deleted"),
                    ("report_returned", "Report was returned"),
                    ("report_reviewed", "Report was reviewed"),
                    ("place_gap", "Place without holder"),
                    ("place_gap_soon", "Place soon without holder"),
                    ("no_stand_in", "Leave without stand-in"),
                    ("no_village", "Officer without village"),
                    ("no_contact", "Unit without contact to its villages"),
                    ("hand_over", "Hand-over to confirm"),
                    ("hand_over_note", "Hand-over note to write"),
                    ("case_given", "Case was given to you"),
                    ("case_red", "Red case"),
                    ("case_leader", "Red case without a leader"),
                    ("case_step", "Case without a step for a week"),
                    ("case_overdue", "Case is overdue"),
                    ("answer_due", "Answer to a referral is due"),
                    ("pause_due", "Pause to be looked at"),
                    ("call_due", "Follow-up call is due"),
                    ("base_info", "Base-info change to verify"),
                    ("base_info_due", "Base-info change to forward"),
                    ("council_due", "Council of the month is owed"),
                    ("measure_due", "Measure of a council is due"),
                    ("disputes", "Weekly notice of disputes"),
                ],
                max_length=20,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="reminder",
            name="kind",
            field=models.CharField(
                choices=[
                    ("week_duties", "The week still lacks something"),
                    ("weekly_report", "Weekly report is due"),
                    ("monthly_report", "Monthly report is due"),
                    ("visit_returned", "Visit log was returned"),
                    ("draft_expiring", "Draft will be deleted"),
                    ("draft_expired", "Draft was deleted"),
                    ("report_returned", "Report was returned"),
                    ("report_reviewed", "Report was reviewed"),
                    ("place_gap", "Place without holder"),
                    ("place_gap_soon", "Place soon without holder"),
                    ("no_stand_in", "Leave without stand-in"),
                    ("no_village", "Officer without village"),
                    ("no_contact", "Unit without contact to its villages"),
                    ("hand_over", "Hand-over to confirm"),
                    ("hand_over_note", "Hand-over note to write"),
                    ("case_given", "Case was given to you"),
                    ("case_red", "Red case"),
                    ("case_leader", "Red case without a leader"),
                    ("case_step", "Case without a step for a week"),
                    ("case_overdue", "Case is overdue"),
                    ("answer_due", "Answer to a referral is due"),
                    ("pause_due", "Pause to be looked at"),
                    ("call_due", "Follow-up call is due"),
                    ("base_info", "Base-info change to verify"),
                    ("base_info_due", "Base-info change to forward"),
                    ("council_due", "Council of the month is owed"),
                    ("measure_due", "Measure of a council is due"),
                    ("disputes", "Weekly notice of disputes"),
                ],
                max_length=20,
                verbose_name="kind",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("waits_until__isnull", False)), fields=["waits_until"], name="patrols_case_waits"
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(("waits_until", None), ("state__in", ["paused", "referred"]), _connector="OR"),
                name="patrols_case_waiting",
            ),
        ),
        *(migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in DATA),
    ]
