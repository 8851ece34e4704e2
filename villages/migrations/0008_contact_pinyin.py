"""Pinyin and initials of contacts, so that they are found as people and villages are."""

from django.db import migrations, models
from pypinyin import Style, lazy_pinyin


def spell(apps, schema_editor):
    """By the dictionary alone; `manage.py respell` reads surnames as surnames."""
    contacts = list(apps.get_model("villages", "VillageContact").objects.all())
    for contact in contacts:
        syllables = ["".join(part.lower().split()) for part in lazy_pinyin(contact.name, style=Style.NORMAL)]
        contact.pinyin = "".join(syllables)[:200]
        contact.initials = "".join(part[:1] for part in syllables)[:50]
    if contacts:
        type(contacts[0]).objects.bulk_update(contacts, ["pinyin", "initials"], batch_size=1000)



class Migration(migrations.Migration):
    dependencies = [("villages", "0007_household_list")]

    operations = [
        migrations.AddField(
            model_name='villagecontact',
            name='initials',
            field=models.CharField(default='', editable=False, max_length=50),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='villagecontact',
            name='pinyin',
            field=models.CharField(default='', editable=False, max_length=200),
            preserve_default=False,
        ),
        migrations.RunPython(spell, migrations.RunPython.noop),
    ]
