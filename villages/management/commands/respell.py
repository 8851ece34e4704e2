from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from villages.models import Household, Officer, Village, VillageContact
from villages.pinyin import spell

NAMED = (
    (Village, "name", False),
    (Officer, "name", True),
    (VillageContact, "name", True),
    (Household, "head_name", True),
)


class Command(BaseCommand):
    help = "Spells all stored names anew, after a reading was added to villages/pinyin.py."

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            for model, field, is_person in NAMED:
                changed: list[Any] = []
                for row in model._default_manager.select_for_update().order_by("pk").iterator(chunk_size=2000):
                    spelled = spell(getattr(row, field), person=is_person)
                    if (row.pinyin, row.initials) != spelled:  # type: ignore[attr-defined]
                        row.pinyin, row.initials = spelled  # type: ignore[attr-defined]
                        changed.append(row)
                rows: Any = model._default_manager
                rows.bulk_update(changed, ["pinyin", "initials"], batch_size=1000)
                self.stdout.write(f"{model._meta.label}: {len(changed)}")
