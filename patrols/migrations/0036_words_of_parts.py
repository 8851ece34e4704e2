"""The answer given back and what is written in the parts of a case are found by trigrams as the rest is."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import migrations
from django.db.models.functions import Upper

SEARCHED = [
    ("case", "case", "answer"),
    ("casetransition", "transition", "reason"),
    ("casereferral", "referral", "reason"),
    ("casereferral", "referral", "answer"),
    ("casepause", "casepause", "reason"),
    ("followupcall", "followupcall", "note"),
]


class Migration(migrations.Migration):
    dependencies = [("patrols", "0035_waiting_cases")]

    operations = [
        migrations.AddIndex(
            model,
            GinIndex(OpClass(Upper(field), "gin_trgm_ops"), name=f"patrols_{name}_{field}_text")
        )
        for model, name, field in SEARCHED
    ]
