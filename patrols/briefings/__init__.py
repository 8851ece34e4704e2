"""The weekly briefing 治安通报 (R8): its figures, its draft, and what is done with it."""

from patrols.briefings.giving import Giving, give_briefing, save_briefing, take_back

__all__ = ["Giving", "give_briefing", "save_briefing", "take_back"]
