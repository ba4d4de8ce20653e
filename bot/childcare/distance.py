"""Distances on the earth, and the shifted coordinates of Chinese maps. Pure."""

from __future__ import annotations

from math import asin, cos, pi, radians, sin, sqrt

EARTH_KM = 6371.0088  # mean radius, IUGG
_AXIS, _FLATTENING = 6378245.0, 0.00669342162296594323  # of the ellipsoid that GCJ-02 is reckoned on


def kilometres(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Great-circle distance (haversine) between two points in degrees; within 0.6 % of the ellipsoid's."""
    north, east = radians(other_lat - lat) / 2, radians(other_lon - lon) / 2
    chord = sin(north) ** 2 + cos(radians(lat)) * cos(radians(other_lat)) * sin(east) ** 2
    return 2 * EARTH_KM * asin(sqrt(min(1.0, chord)))


def to_gcj02(lat: float, lon: float) -> tuple[float, float]:
    """WGS 84 → GCJ-02, the coordinates of Chinese maps (高德, 腾讯); inside China only."""
    x, y = lon - 105, lat - 35
    waves = 20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x))
    north += 2 / 3 * (waves + 20 * sin(y * pi) + 40 * sin(y / 3 * pi) + 160 * sin(y / 12 * pi) + 320 * sin(y * pi / 30))
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x))
    east += 2 / 3 * (waves + 20 * sin(x * pi) + 40 * sin(x / 3 * pi) + 150 * sin(x / 12 * pi) + 300 * sin(x / 30 * pi))
    squeeze = 1 - _FLATTENING * sin(radians(lat)) ** 2
    north *= 180 / (_AXIS * (1 - _FLATTENING) / squeeze**1.5 * pi)
    east *= 180 / (_AXIS / sqrt(squeeze) * cos(radians(lat)) * pi)
    return lat + north, lon + east


def to_wgs84(lat: float, lon: float) -> tuple[float, float]:
    """GCJ-02 → WGS 84, to less than a metre: the shift is subtracted where it is nearly the same, three times over."""
    guess = lat, lon
    for _ in range(3):
        shifted = to_gcj02(*guess)
        guess = guess[0] - (shifted[0] - lat), guess[1] - (shifted[1] - lon)
    return guess
