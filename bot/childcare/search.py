"""Searching the directory: what a parent wishes for, against arrays of all institutions at once. Pure (numpy, no I/O).

What is not known about an institution neither fits nor misses a wish: it is shown after what is known to fit, with what must be asked. Facts that are
known and miss a wish leave it out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import cos, radians
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.childcare.distance import EARTH_KM
from bot.childcare.institution import KINDS, SERVICES, Institution, minutes

Array = NDArray[np.float64]
UNKNOWN_KM = 5.0  # what is not known to fit stands as if it were so much farther away
NEAR_KM = 10.0  # around a point: an area like a district
_FAR = 1e6
_KINDS, _SERVICES = tuple(KINDS), tuple(SERVICES)


@dataclass(frozen=True)
class Query:
    """What is looked for. `lat`, `lon`: near there; `district`, `township`: inside, or next to it; `age` in months; `fee_most` yuan a month;
    `opens_by`, `closes_after` minutes after midnight; `services` and `kinds`: any of them; `cheapest`: by fee before distance."""

    district: str = ""
    township: str = ""
    lat: float | None = None
    lon: float | None = None
    age: int | None = None
    services: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    inclusive: bool = False
    fee_most: int | None = None
    opens_by: int | None = None
    closes_after: int | None = None
    free: bool = False
    cheapest: bool = False


@dataclass(frozen=True)
class Hit:
    """An institution found; `km` from the point of the query (None: no nearer known than its district), `about` where it is only in a township; `ask`:
    wishes whose answer is not known."""

    institution: Institution
    km: float | None
    about: bool
    ask: tuple[str, ...] = ()


@dataclass(frozen=True)
class Found:
    """A page of hits, how many there are in all, how far the search had to be widened ("", "district" or "city") and which wishes were given up."""

    hits: tuple[Hit, ...]
    total: int
    widened: str = ""
    dropped: tuple[str, ...] = ()


# Wishes that are given up one after the other where the whole city has nothing; the child's age is not.
_GIVEN_UP: tuple[tuple[str, Any], ...] = (
    ("free", False),
    ("closes_after", None),
    ("opens_by", None),
    ("fee_most", None),
    ("inclusive", False),
    ("kinds", ()),
    ("services", ()),
)


class Directory:
    """All institutions in memory, their facts as arrays.

    `centres` are (lat, lon) by township code and district id; `keys` each institution's own name without place and type (institution_key); `sample`
    says that all of it is invented, `as_of` when the newest list was taken in.
    """

    def __init__(
        self, institutions: Sequence[Institution], centres: Mapping[str, tuple[float, float]], keys: Sequence[str] = (),
        sample: bool = False, as_of: date | None = None,
    ) -> None:  # fmt: skip
        self.institutions, self.sample, self.as_of = tuple(institutions), sample, as_of
        self._keys = tuple(keys)
        all_ = self.institutions
        known = [(i.lat, i.lon) if i.lat is not None and i.lon is not None else None for i in all_]
        points = [at or centres.get(i.township) or centres.get(i.district) for at, i in zip(known, all_, strict=True)]
        self._about = np.array([at is None for at in known], dtype=bool)
        # Only the district is known: its centre puts it in order, but is no distance to tell a parent.
        self._vague = np.array([at is None and i.township not in centres for at, i in zip(known, all_, strict=True)], dtype=bool)
        self._lat, self._lon = (np.array([at[axis] if at else np.nan for at in points], dtype=float) for axis in (0, 1))
        self._district, self._township = np.array([i.district for i in all_]), np.array([i.township for i in all_])
        self._age_from, self._age_to, self._fee, self._free = (
            np.array([np.nan if (value := getattr(i, name)) is None else value for i in all_], dtype=float)
            for name in ("age_from", "age_to", "fee_from", "places_free")
        )
        self._inclusive = np.array([np.nan if i.inclusive is None else i.inclusive for i in all_], dtype=float)
        self._opens, self._closes = (
            np.array([np.nan if (at := minutes(getattr(i, name))) is None else at for i in all_], dtype=float)
            for name in ("opens", "closes")
        )
        self._services = np.array([sum(1 << _SERVICES.index(s) for s in i.services) for i in all_], dtype=int)
        self._kind = np.array([1 << _KINDS.index(i.kind) if i.kind else 0 for i in all_], dtype=int)
        self._order = np.argsort(np.argsort([i.name for i in all_])) if all_ else np.zeros(0, dtype=int)

    def named(self, text: str) -> tuple[Institution, ...]:
        """The institutions whose name, or own name (小太阳; a short one only before 托), stands in a text."""
        keys = self._keys or ("",) * len(self.institutions)
        return tuple(
            i for i, key in zip(self.institutions, keys, strict=True)
            if i.name in text or (key and (key in text if len(key) > 2 else f"{key}托" in text))
        )  # fmt: skip

    def find(self, query: Query, start: int = 0, most: int = 3) -> Found:
        """Hits `start` to `start + most`, best first: inside the area before next to it, then what is known to fit, by distance and then fee (or the
        other way round). Where the area has none the search goes on in the district (of a township: and NEAR_KM around it) and then in the city;
        where the city has none, wishes are given up in the order of _GIVEN_UP."""
        dropped: list[str] = []
        fits, ask = self._fitting(query)
        for wish, nothing in _GIVEN_UP:
            if fits.any():
                break
            if getattr(query, wish) != nothing:
                query = replace(query, **{wish: nothing})
                dropped.append(wish)
                fits, ask = self._fitting(query)
        widened, inside = self._area(query, fits)
        if not inside.any():
            return Found((), 0, "", tuple(dropped))
        order = self._sorted(query, np.flatnonzero(inside), ask)
        shown = tuple(self._hit(query, int(place), ask) for place in order[start : start + most])
        return Found(shown, len(order), widened, tuple(dropped))

    def _fitting(self, query: Query) -> tuple[NDArray[np.bool_], dict[str, NDArray[np.bool_]]]:
        """Which institutions fit or may fit, and for each wish those of which it is not known."""
        fits, ask = np.ones(len(self.institutions), dtype=bool), {}

        def wish(name: str, good: NDArray[np.bool_], unknown: NDArray[np.bool_]) -> None:
            nonlocal fits
            fits &= good | unknown
            ask[name] = unknown

        if query.age is not None:
            low, high = np.nan_to_num(self._age_from, nan=0), np.nan_to_num(self._age_to, nan=_FAR)
            wish("age", (low <= query.age) & (query.age <= high), np.isnan(self._age_from) & np.isnan(self._age_to))
        if query.services:
            wanted = sum(1 << _SERVICES.index(service) for service in query.services)
            wish("services", (self._services & wanted) != 0, self._services == 0)
        if query.kinds:
            wish("kinds", (self._kind & sum(1 << _KINDS.index(kind) for kind in query.kinds)) != 0, self._kind == 0)
        if query.inclusive:
            wish("inclusive", self._inclusive == 1, np.isnan(self._inclusive))
        if query.fee_most is not None:
            wish("fee_most", self._fee <= query.fee_most, np.isnan(self._fee))
        if query.opens_by is not None:
            wish("opens_by", self._opens <= query.opens_by, np.isnan(self._opens))
        if query.closes_after is not None:
            wish("closes_after", self._closes >= query.closes_after, np.isnan(self._closes))
        if query.free:
            wish("free", self._free > 0, np.isnan(self._free))
        return fits, ask

    def _area(self, query: Query, fits: NDArray[np.bool_]) -> tuple[str, NDArray[np.bool_]]:
        """How far it was widened, and the institutions of that area that fit."""
        in_district = fits & (self._district == query.district)
        if query.township:
            if (fits & (self._township == query.township)).any():
                return "", in_district | (fits & (self._township == query.township))
            wider = in_district | self._near(query, fits)  # what is next door may be another district's
            return ("district", wider) if wider.any() else ("city", fits)
        if query.district:
            return ("", in_district) if in_district.any() else ("city", fits)
        if query.lat is not None:
            near = self._near(query, fits)
            return ("", near) if near.any() else ("city", fits)
        return "", fits

    def _near(self, query: Query, fits: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Those that fit and are within NEAR_KM of the query's point; none where it has none."""
        near: NDArray[np.bool_] = fits & (self._km(query, np.arange(len(fits))) <= NEAR_KM)
        return near

    def _km(self, query: Query, places: NDArray[np.int_]) -> Array:
        """Kilometres from the query's point (haversine, as in bot.childcare.distance); NaN where a point is missing."""
        if query.lat is None or query.lon is None or not len(places):
            return np.full(len(places), np.nan)
        lat, lon = np.radians(self._lat[places]), np.radians(self._lon[places])
        north, east = (lat - radians(query.lat)) / 2, (lon - radians(query.lon)) / 2
        chord = np.sin(north) ** 2 + cos(radians(query.lat)) * np.cos(lat) * np.sin(east) ** 2
        km: Array = 2 * EARTH_KM * np.arcsin(np.sqrt(np.minimum(1.0, chord)))
        return km

    def _sorted(self, query: Query, places: NDArray[np.int_], ask: Mapping[str, NDArray[np.bool_]]) -> NDArray[np.int_]:
        unknown = np.any([missing[places] for missing in ask.values()], axis=0) if ask else np.zeros(len(places), dtype=bool)
        near = np.nan_to_num(self._km(query, places), nan=_FAR) + UNKNOWN_KM * unknown
        fee = np.nan_to_num(self._fee[places], nan=_FAR)
        outside = (self._township[places] != query.township) if query.township else np.zeros(len(places), dtype=bool)
        keys = (near, fee) if query.cheapest else (fee, near)  # the last key counts first
        return places[np.lexsort((self._order[places], *keys, outside & ~np.bool_(query.cheapest)))]

    def _hit(self, query: Query, place: int, ask: Mapping[str, NDArray[np.bool_]]) -> Hit:
        km = float(self._km(query, np.array([place]))[0])
        missing = tuple(wish for wish, unknown in ask.items() if unknown[place])
        return Hit(self.institutions[place], None if np.isnan(km) or self._vague[place] else km, bool(self._about[place]), missing)
