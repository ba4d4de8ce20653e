import pytest

from bot.topics.wording import age


@pytest.mark.parametrize("months,said", [(8, "8个月"), (12, "1岁"), (18, "1岁半"), (20, "1岁8个月"), (36, "3岁")])
def test_ages(months, said):
    assert age(months) == said
