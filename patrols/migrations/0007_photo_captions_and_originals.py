from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("patrols", "0006_expiry_of_drafts")]

    operations = [
        migrations.AddField(
            model_name="photo",
            name="caption",
            field=models.CharField(blank=True, max_length=60, verbose_name="caption"),
        ),
        migrations.AddField(
            model_name="photo",
            name="original_size",
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name="bytes sent"),
        ),
        migrations.AddField(
            model_name="photo",
            name="position",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="photo",
            name="taken_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="taken at"),
        ),
        migrations.AddIndex(
            model_name="photo",
            index=models.Index(fields=["sha256"], name="patrols_photo_sha256"),
        ),
    ]
