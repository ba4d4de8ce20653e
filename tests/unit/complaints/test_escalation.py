"""One level up each time, to the office and no further."""

from bot.complaints.escalation import one_level_up


def test_a_districts_unit_gives_way_to_the_citys_then_to_the_office_and_goes_on_assisting():
    city = one_level_up("market_regulation", "ganyu", ("health",))
    assert city == {"lead": "market_regulation", "lead_district": None, "assist": ["health", "market_regulation"]}
    office = one_level_up(city["lead"], city["lead_district"], city["assist"])
    assert office == {"lead": "health", "lead_district": None, "assist": ["health", "market_regulation"]}
    assert one_level_up("health", None, ()) is None
