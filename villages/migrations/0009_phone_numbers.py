"""Phone numbers are digits, with + in front and hyphens or spaces between: one rule for all of them."""

import villages.models.phone
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('villages', '0008_contact_pinyin'),
    ]

    operations = [
        migrations.AlterField(
            model_name='household',
            name='phone',
            field=villages.models.phone.PhoneField(blank=True, max_length=20, verbose_name='phone'),
        ),
        migrations.AlterField(
            model_name='officer',
            name='phone',
            field=villages.models.phone.PhoneField(blank=True, max_length=20, verbose_name='phone'),
        ),
        migrations.AlterField(
            model_name='unit',
            name='phone',
            field=villages.models.phone.PhoneField(blank=True, max_length=20, verbose_name='phone'),
        ),
        migrations.AlterField(
            model_name='villagecontact',
            name='phone',
            field=villages.models.phone.PhoneField(blank=True, max_length=20, verbose_name='phone'),
        ),
    ]
