"""Words of cases are found by trigrams; what is searched is upper-cased, as `icontains` asks for it."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import migrations
from django.db.models.functions import Upper

SEARCHED = [
    *(("case", field) for field in ("number", "title", "detail", "place", "result")),
    ("caseparty", "name"),
    ("casestep", "note"),
]


class Migration(migrations.Migration):
    dependencies = [("patrols", "0027_kinds_of_notices")]

    operations = [
        migrations.AddIndex(
            model, GinIndex(OpClass(Upper(field), "gin_trgm_ops"), name=f"patrols_{model}_{field}_text")
        )
        for model, field in SEARCHED
    ]
