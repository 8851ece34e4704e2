from django.db import migrations

FORWARD = """
CREATE FUNCTION assessments_refuse_locked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a locked assessment never changes' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER assessments_locked BEFORE UPDATE OR DELETE ON assessments_assessment
    FOR EACH ROW WHEN (OLD.state = 'locked') EXECUTE FUNCTION assessments_refuse_locked();

CREATE FUNCTION assessments_refuse_issued() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.state IN ('issued', 'replaced') AND NEW.snapshot = OLD.snapshot
        AND (NEW.quarter, NEW.version, NEW.number, NEW.sha256, NEW.issued_at)
            = (OLD.quarter, OLD.version, OLD.number, OLD.sha256, OLD.issued_at) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'an issued bulletin never changes' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER assessments_issued BEFORE UPDATE OR DELETE ON assessments_bulletin
    FOR EACH ROW WHEN (OLD.state <> 'draft') EXECUTE FUNCTION assessments_refuse_issued();
"""
BACKWARD = """
DROP TRIGGER assessments_issued ON assessments_bulletin;
DROP FUNCTION assessments_refuse_issued();
DROP TRIGGER assessments_locked ON assessments_assessment;
DROP FUNCTION assessments_refuse_locked();
"""


class Migration(migrations.Migration):
    """What is locked or issued never changes, whoever writes; a replaced issue only changes its state."""

    dependencies = [("assessments", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
