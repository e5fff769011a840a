"""What the made-up city shall be: every figure that the generator keeps to, in one frozen place."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Pace(StrEnum):
    """How far the works in a district stand on the city's date of report."""

    DONE = "done"
    FINISHING = "finishing"
    BEGUN = "begun"


@dataclass(frozen=True, slots=True)
class DistrictPlan:
    """
    What one district holds.

    Attributes
    ----------
    name
        Name of the district as in the base data.
    phase_id
        Construction phase.
    weight
        Number of house numbers in it, the weight that households are spread by.
    pace
        How far the works stand.
    businesses, schools, hospitals
        Funded connections of these kinds.
    households
        Funded households; None spreads what its phase has left by `weight`.
    in_parts
        Whether the works serve only a part of the district.
    """

    name: str
    phase_id: str
    weight: int
    pace: Pace
    businesses: int
    schools: int
    hospitals: int = 0
    households: int | None = None
    in_parts: bool = False


@dataclass(frozen=True, slots=True)
class NodePlan:
    """
    A PoP or cabinet to be placed.

    Attributes
    ----------
    node_id, kind, name
        As in the layer `nodes`.
    district
        The district it stands in.
    """

    node_id: str
    kind: str
    name: str
    district: str


@dataclass(frozen=True, slots=True)
class ParkPlan:
    """
    The business park beside the main programme: its own trench, its own firms, all finished.

    Attributes
    ----------
    programme_id
        Its programme.
    districts
        Where it may lie.
    firms, length_m
        Number of firms and length of the trench.
    node_id, node_name
        Its cabinet.
    """

    programme_id: str = "friedenstal"
    districts: tuple[str, ...] = ("Wiesdorf", "Küppersteg")
    firms: int = 13
    length_m: float = 300.0
    node_id: str = "NVT-06"
    node_name: str = "NVt Gewerbepark"


def _leverkusen_districts() -> tuple[DistrictPlan, ...]:
    done, finishing, begun = Pace.DONE, Pace.FINISHING, Pace.BEGUN
    return (
        DistrictPlan("Alkenrath", "2", 725, begun, 4, 1),
        DistrictPlan("Bergisch Neukirchen", "1", 2199, done, 8, 2),
        DistrictPlan("Bürrig", "1", 1617, done, 13, 2),
        DistrictPlan("Hitdorf", "1", 2472, done, 8, 3, households=98),
        DistrictPlan("Küppersteg", "1", 2196, finishing, 40, 3),
        DistrictPlan("Lützenkirchen", "2", 1630, begun, 5, 2, in_parts=True),
        DistrictPlan("Manfort", "2", 1267, begun, 22, 1),
        DistrictPlan("Opladen", "1", 4686, finishing, 25, 6, 1),
        DistrictPlan("Quettingen", "2", 1260, begun, 33, 2, in_parts=True),
        DistrictPlan("Rheindorf", "1", 2651, finishing, 12, 3),
        DistrictPlan("Schlebusch", "2", 6581, begun, 8, 4),
        DistrictPlan("Steinbüchel", "2", 3293, begun, 7, 3),
        DistrictPlan("Wiesdorf", "2", 2600, begun, 29, 2, in_parts=True),
    )


def _leverkusen_nodes() -> tuple[NodePlan, ...]:
    return (
        NodePlan("NVT-01", "cabinet", "NVt Hitdorf", "Hitdorf"),
        NodePlan("NVT-02", "cabinet", "NVt Rheindorf", "Rheindorf"),
        NodePlan("NVT-03", "cabinet", "NVt Bergisch Neukirchen", "Bergisch Neukirchen"),
        NodePlan("NVT-04", "cabinet", "NVt Schlebusch", "Schlebusch"),
        NodePlan("NVT-05", "cabinet", "NVt Steinbüchel", "Steinbüchel"),
        NodePlan("POP-01", "pop", "PoP Opladen", "Opladen"),
        NodePlan("POP-02", "pop", "PoP Wiesdorf", "Wiesdorf"),
    )


@dataclass(frozen=True, slots=True)
class CitySpec:
    """
    Every figure that the generator keeps to; the defaults are the bundled city.

    Attributes
    ----------
    seed
        Seed of the random numbers; the same seed and base data give the same bytes.
    as_of
        Date of the report that the statuses stand for.
    programme_id
        The main programme.
    first_district
        Where the works began, a month before the others.
    river_name
        Name of the river.
    river_from, river_to
        Two places (metres) near the border vertices between which the border, followed
        counter-clockwise, is the river.
    river_half_width_m
        Half the width of the river about that border.
    reach_of_stop_m
        A place nearer than this to a public-transport stop counts as built-up.
    block_area_m2
        A block of houses is not divided further once it is smaller than about this.
    households_by_phase
        Funded households of each phase, without the districts that state their own.
    new_duct_m, co_used_m, cable_m, dropped_m
        Lengths to be met; dropped trench comes on top of the new duct.
    extended
        Connections along the trench that the grant does not pay for.
    connected
        Funded connections of the first phase that are connected or further.
    park
        The business park.
    districts
        What each district holds.
    nodes
        PoPs and cabinets, without the park's.
    """

    seed: int = 20220328
    as_of: date = date(2022, 3, 28)
    programme_id: str = "leverkusen"
    first_district: str = "Hitdorf"
    river_name: str = "Rhein (Näherung)"
    river_from: tuple[float, float] = (352719.0, 5659142.0)
    river_to: tuple[float, float] = (357764.0, 5653355.0)
    river_half_width_m: float = 170.0
    reach_of_stop_m: float = 310.0
    block_area_m2: float = 19000.0
    households_by_phase: tuple[tuple[str, int], ...] = (("1", 213), ("2", 1065))
    new_duct_m: float = 49_000.0
    co_used_m: float = 23_000.0
    cable_m: float = 82_000.0
    dropped_m: float = 600.0
    extended: int = 2000
    connected: int = 350
    park: ParkPlan = field(default_factory=ParkPlan)
    districts: tuple[DistrictPlan, ...] = field(default_factory=_leverkusen_districts)
    nodes: tuple[NodePlan, ...] = field(default_factory=_leverkusen_nodes)
