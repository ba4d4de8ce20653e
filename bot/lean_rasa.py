"""Let Rasa be imported without the packages behind the features that 连宝 does not use.

Rasa imports TensorFlow, and the kits of every channel and store it knows, in modules that each project loads. Calling `import_lean` before
the first import of Rasa puts an empty stand-in in their place: attributes are empty classes that can be subclassed, annotated with and used as
decorators, and that compute nothing. The stock project of `lianbao bench` runs without it. Why: docs/decisions/0002-lean-rasa.md.
"""

import logging
import os
import sys
import warnings
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

STOOD_IN_FOR = frozenset(
    {
        # deep learning and plots: DIET, TED and their reports
        "tensorflow", "keras", "tensorflow_hub", "tensorflow_text", "matplotlib", "sklearn_crfsuite", "skops", "safetensors",
        # other channels' kits
        "aiogram", "fbmessenger", "mattermostwrapper", "rocketchat_API", "slack_sdk", "engineio", "socketio", "twilio", "webexteamssdk",
        # other stores, brokers and clouds
        "aio_pika", "aiormq", "boto3", "botocore", "confluent_kafka", "google", "pymongo",
        # Rasa's telemetry and its interactive prompts, coloured tracebacks, spaCy's command line
        "sentry_sdk", "structlog_sentry", "questionary", "prompt_toolkit", "rich", "spacy.cli",
    }
)  # fmt: skip
# What only training needs, Rasa's graph scheduler (bot/dialogue/runner.py takes its place) and its reminders, which we have none of.
ONLY_IN_TRAINING = frozenset({"sklearn", "scipy", "dask", "apscheduler"})


class _Nothing(type):
    """Metaclass of the stand-ins: any attribute is another stand-in, and decorating with one changes nothing."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Nothing(name, (), {})

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        return args[0] if len(args) == 1 and callable(args[0]) else cls


class _StandIn(ModuleType):
    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Nothing(name, (), {})


class _Finder(MetaPathFinder, Loader):
    def __init__(self, names: frozenset[str]) -> None:
        self.names = names

    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        parts = fullname.split(".")
        if any(".".join(parts[:n]) in self.names for n in range(1, len(parts) + 1)):
            return ModuleSpec(fullname, self, is_package=True)
        return None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _StandIn(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Nothing to execute: the module is empty."""


def import_lean(serving: bool = True) -> None:
    """Install the stand-ins; call before Rasa is first imported. With `serving`, what only training needs is stood in for too."""
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder(STOOD_IN_FOR | ONLY_IN_TRAINING if serving else STOOD_IN_FOR))
    quiet()


def quiet() -> None:
    """Libraries' noise off. Rasa's debug lines hold what parents say: structlog, which prints all unless told otherwise, lets only errors through."""
    import structlog

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    warnings.filterwarnings("ignore", category=DeprecationWarning)
    warnings.filterwarnings("ignore", category=FutureWarning)
    for noisy in ("rasa", "sanic.root", "sanic.error", "apscheduler"):
        logging.getLogger(noisy).setLevel(logging.ERROR)
