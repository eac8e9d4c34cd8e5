"""Synthetic MIND: news and behaviors in MIND's own file format, with a preference in them that can be learned.

Every news has a topic, which half of its title's words come from. Every user has a topic: the news clicked, before and
now, are of that topic, and no other news shown is. Users of train and dev, and their news, are different ones, so that
a model must generalize over titles. The click is at a random place, and how many news are shown differs.

`python -m tests.tasks.recommendation.synthetic FOLDER` writes them to a new folder.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

from fastsum.tasks.recommendation.settings import RecommendationConfig

SMALL = RecommendationConfig(
    title_tokens=9, history=9, embedding_width=32, width=32, heads=4, query_width=32, pooling_window=8, filters=16,
    first_channels=4, second_channels=4, dropout=0.1, batch=32, epochs=10, learning_rate=3e-3, language_model_rate=1e-3,
)  # fmt: skip
"""Settings with which a model learns the preference in seconds."""
TOPICS = 6
WORDS = 12
"""Words of a topic, and so many more without one."""


def write_mind(
    folder: Path, impressions: int = 360, news: int = 120, shown: int = 6, history: int = 6, seed: int = 0
) -> Path:
    """Write the folders train and dev; dev has a third of the impressions. Returns `folder`."""
    chance = random.Random(seed)
    first = 0
    for split, count in (("train", impressions), ("dev", impressions // 3)):
        topics = {f"N{number}": number % TOPICS for number in range(first + 1, first + 1 + news)}
        first += news
        (folder / split).mkdir(parents=True)
        lines = [_news(name, topic, chance) for name, topic in topics.items()]
        (folder / split / "news.tsv").write_text("".join(lines), "utf-8")
        lines = [_behavior(number, topics, shown, history, chance) for number in range(1, count + 1)]
        (folder / split / "behaviors.tsv").write_text("".join(lines), "utf-8")
    return folder


def _news(name: str, topic: int, chance: random.Random) -> str:
    words = [f"topic{topic}word{chance.randrange(WORDS)}" for _ in range(4)]
    words += [f"common{chance.randrange(WORDS)}" for _ in range(chance.randint(3, 6))]
    chance.shuffle(words)
    title, url = " ".join(words).capitalize(), f"https://news.example/{name}.html"
    return "\t".join((name, f"category{topic}", f"sub{topic}", title, "An abstract.", url, "[]", "[]")) + "\n"


def _behavior(number: int, topics: dict[str, int], shown: int, history: int, chance: random.Random) -> str:
    liked = chance.randrange(TOPICS)
    own = [name for name, topic in topics.items() if topic == liked]
    others = [name for name, topic in topics.items() if topic != liked]
    clicked, *before = chance.sample(own, 1 + chance.randint(history // 2, history))
    items = [f"{clicked}-1", *(f"{name}-0" for name in chance.sample(others, chance.randint(shown // 2, shown)))]
    chance.shuffle(items)
    time = f"11/{chance.randint(9, 14)}/2019 {chance.randint(1, 12)}:05:33 AM"
    return "\t".join((str(number), f"U{number}", time, " ".join(before), " ".join(items))) + "\n"


if __name__ == "__main__":
    write_mind(Path(sys.argv[1]))
