"""10,000 vaccination forecasts: `uv run python -m bench.vaccination` prints the time, for children of all ages to six with random histories."""

from __future__ import annotations

import random
import time
from datetime import date, timedelta

from bot.knowledge.load import load_knowledge
from bot.topics.vaccine_case import Child, Dose
from bot.topics.vaccine_forecast import forecast

CHILDREN, TODAY = 10_000, date(2026, 11, 24)


def main() -> None:
    knowledge, chance = load_knowledge(), random.Random(1)
    products, children = sorted(knowledge.vaccine_products), []
    for _ in range(CHILDREN):
        birth = TODAY - timedelta(days=chance.randint(0, 2200))
        days = [birth + timedelta(days=chance.randint(0, (TODAY - birth).days)) for _ in range(chance.randint(0, 14))]
        children.append(Child(birth, chance.choice(["male", "female"]), tuple(Dose(chance.choice(products), day) for day in days)))
    for whole in (False, True):
        began = time.perf_counter()
        for child in children:
            forecast(knowledge, child, TODAY, whole)
        print(
            f"{CHILDREN} forecasts, {'all doses to come' if whole else 'the next dose of each vaccine'}: {time.perf_counter() - began:.2f} s"
        )


if __name__ == "__main__":
    main()
