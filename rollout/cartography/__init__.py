"""The pages: self-contained Folium maps of a phase, the whole city, or one programme."""

from rollout.cartography import waiting  # noqa: F401 - before anything else imports Folium
from rollout.cartography.change_map import ChangeMap, change_map
from rollout.cartography.folium_map import PhaseMap, phase_map
from rollout.cartography.marking import Marks
from rollout.cartography.scope import Additions, Atlas

__all__ = ["Additions", "Atlas", "ChangeMap", "Marks", "PhaseMap", "change_map", "phase_map"]
