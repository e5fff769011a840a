"""The pages: self-contained Folium maps of a phase, the whole city, or one programme."""

from rollout.cartography.folium_map import PhaseMap, phase_map

__all__ = ["PhaseMap", "phase_map"]
