"""The figures by which the ledger asks for something, as plain values; the rows with their days are `LedgerNorm`."""

from dataclasses import dataclass
from datetime import date, time, timedelta


@dataclass(frozen=True)
class LedgerFigures:
    """The programme's own figures (domain of R6, R7, R9), which hold where the brigade has set none."""

    follow_up_first: int = 7
    follow_up_second: int = 30
    ahead_first: int = 3
    ahead_second: int = 7
    repeat_days: int = 90
    step_days: int = 7
    answer_days: int = 15
    pause_days: int = 30
    escalate_officer: int = 1
    escalate_station: int = 3
    escalate_brigade: int = 7
    duty_from: time = time(9)
    duty_until: time = time(17, 30)
    forward_days: int = 5
    entry_days: int = 60

    @property
    def follow_up_days(self) -> tuple[int, int]:
        """Days after a resolution by which it is looked at again."""
        return self.follow_up_first, self.follow_up_second

    def ahead(self, number: int) -> timedelta:
        """How long before its day the follow-up call of this number may be made."""
        return timedelta(days=self.ahead_first if number == 1 else self.ahead_second)

    def next_step(self, day: date) -> date:
        """By when something is to be done again after `day`, where a step is asked for every week."""
        return day + timedelta(days=self.step_days)

    def is_on_duty(self, at: time) -> bool:
        """Whether somebody may be told at this time of a working day."""
        return self.duty_from <= at < self.duty_until
