import django.core.serializers.json
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


FORWARD = """
CREATE FUNCTION villages_assignment_within_lives() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    born date; died date; serving text;
BEGIN
    SELECT valid_from, valid_to INTO born, died FROM villages_village WHERE id = NEW.village_id FOR SHARE;
    IF NEW.start_on < born OR (died IS NOT NULL AND (NEW.end_on IS NULL OR NEW.end_on > died)) THEN
        RAISE EXCEPTION 'an assignment does not outlive its village'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'villages_assignment_within_village';
    END IF;
    -- Held by whoever assigns. Who only moves a day must not wait for two people at once (deadlock).
    SELECT state INTO serving FROM villages_officer WHERE id = NEW.officer_id;
    IF serving <> 'active' AND NEW.end_on IS NULL THEN
        RAISE EXCEPTION 'an assignment does not outlive the service of its person'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'villages_assignment_within_service';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER villages_assignment_lives BEFORE INSERT OR UPDATE OF village_id, officer_id, start_on, end_on
    ON villages_assignment FOR EACH ROW EXECUTE FUNCTION villages_assignment_within_lives();

CREATE FUNCTION villages_village_outlives() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM villages_assignment WHERE village_id = NEW.id AND (start_on < NEW.valid_from
            OR (NEW.valid_to IS NOT NULL AND (end_on IS NULL OR end_on > NEW.valid_to)))) THEN
        RAISE EXCEPTION 'an assignment does not outlive its village'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'villages_assignment_within_village';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER villages_village_life BEFORE UPDATE OF valid_from, valid_to ON villages_village
    FOR EACH ROW EXECUTE FUNCTION villages_village_outlives();

CREATE FUNCTION villages_officer_serves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM villages_assignment WHERE officer_id = NEW.id AND end_on IS NULL) THEN
        RAISE EXCEPTION 'an assignment does not outlive the service of its person'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'villages_assignment_within_service';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER villages_officer_service BEFORE UPDATE OF state ON villages_officer
    FOR EACH ROW WHEN (NEW.state <> 'active') EXECUTE FUNCTION villages_officer_serves();
"""
BACKWARD = """
DROP TRIGGER villages_officer_service ON villages_officer;
DROP FUNCTION villages_officer_serves();
DROP TRIGGER villages_village_life ON villages_village;
DROP FUNCTION villages_village_outlives();
DROP TRIGGER villages_assignment_lives ON villages_assignment;
DROP FUNCTION villages_assignment_within_lives();
"""


class Migration(migrations.Migration):
    """Hand-over notes; and no assignment outlives its village or the service of its person, whoever writes."""

    dependencies = [
        ('villages', '0003_former_names'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='HandOverNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(blank=True, help_text='What the successor should know.', max_length=2000, verbose_name='note')),
                ('matters', models.JSONField(blank=True, default=list, encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name='open matters')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('confirmed_at', models.DateTimeField(blank=True, null=True, verbose_name='confirmed at')),
                ('remark', models.CharField(blank=True, max_length=500, verbose_name="successor's remark")),
                ('revision', models.PositiveIntegerField(default=0, editable=False)),
            ],
            options={
                'verbose_name': 'hand-over note',
                'verbose_name_plural': 'hand-over notes',
                'ordering': ['-created_at', '-id'],
            },
        ),
        migrations.AddField(
            model_name='handovernote',
            name='begun',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='hand_over_note', to='villages.assignment', verbose_name='taken over'),
        ),
        migrations.AddField(
            model_name='handovernote',
            name='ended',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notes_left', to='villages.assignment', verbose_name='handed over'),
        ),
        migrations.AddField(
            model_name='handovernote',
            name='written_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='written by'),
        ),
        migrations.AddIndex(
            model_name='handovernote',
            index=models.Index(fields=['-created_at', '-id'], name='villages_handover_listed'),
        ),
        migrations.AddConstraint(
            model_name='handovernote',
            constraint=models.CheckConstraint(condition=models.Q(('ended', models.F('begun')), _negated=True), name='villages_handover_two', violation_error_message='A place is handed over from one assignment to another.'),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
