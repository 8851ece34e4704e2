"""Words of logs are found by trigrams; what is searched is upper-cased, as `icontains` asks for it."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import migrations
from django.db.models.functions import Upper

SEARCHED = [("visit", "summary"), ("householdcall", "raised"), ("deed", "matter"), ("deed", "result"), ("activity", "note")]


class Migration(migrations.Migration):
    dependencies = [("patrols", "0009_visit_plans")]

    operations = [
        migrations.AddIndex(
            model, GinIndex(OpClass(Upper(field), "gin_trgm_ops"), name=f"patrols_{model}_{field}"[:30])
        )
        for model, field in SEARCHED
    ]
