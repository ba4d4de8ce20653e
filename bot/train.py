"""Train the model, if anything that it is made from has changed; know whether the newest model is current."""

from __future__ import annotations

import hashlib
import sys
from importlib.metadata import version
from pathlib import Path

from bot.settings import ROOT

MODELS = ROOT / "models"
_SIGNS = ("health_grammar", "health_signs", "health_tense")  # what the learned net hears is told by these, and their patterns are compiled
_PARTS = (
    "config.yml", "bot/domain", "data", "knowledge", "bot/nlu", "bot/knowledge/load.py", *(f"bot/topics/{name}.py" for name in _SIGNS),
)  # fmt: skip


class TrainingFailed(RuntimeError):
    """The data is not valid, or training broke; the message is Chinese."""


def fingerprint(root: Path = ROOT) -> str:
    """Hash of everything that a model is made from."""
    digest = hashlib.sha256(version("hyperscan").encode())  # the model holds what it compiled, which no other version reads
    for part in _PARTS:
        path = root / part
        for file in sorted(p for p in (path.rglob("*") if path.is_dir() else [path]) if p.suffix in (".yml", ".py")):
            digest.update(file.relative_to(root).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:20]


def current_model(root: Path = ROOT) -> Path | None:
    """The model made from what stands now; None where it must be trained."""
    path = root / "models" / f"lianbao-{fingerprint(root)}.tar.gz"
    return path if path.exists() else None


def train(root: Path = ROOT) -> Path:
    """Validate the data, train, and return the model's path; the model that stands is returned where nothing has changed. Raises TrainingFailed."""
    if model := current_model(root):
        return model
    from bot.lean_rasa import import_lean

    import_lean(serving=False)
    from rasa.model_training import train as rasa_train
    from rasa.shared.importers.importer import TrainingDataImporter
    from rasa.validator import Validator

    files = {"config": str(root / "config.yml"), "domain": str(root / "bot/domain"), "data": [str(root / "data")]}
    importer = TrainingDataImporter.load_from_config(files["config"], files["domain"], files["data"])
    validator = Validator.from_importer(importer)
    checks = (
        validator.verify_domain_validity, validator.verify_actions_in_stories_rules, validator.verify_forms_in_stories_rules,
        validator.verify_form_slots, validator.verify_slot_mappings, lambda: validator.verify_intents(ignore_warnings=False),
    )  # fmt: skip
    if not all(tuple(check() for check in checks)):  # all of them, so that all faults are said at once
        raise TrainingFailed("训练数据有误，见上面的说明。")
    name = f"lianbao-{fingerprint(root)}"
    result = rasa_train(
        domain=files["domain"], config=files["config"], training_files=files["data"], output=str(root / "models"), fixed_model_name=name,
        force_training=True,  # Rasa's cache does not see that a component's code has changed
    )  # fmt: skip
    if result.code != 0 or not result.model:
        raise TrainingFailed("训练没有成功。")
    for old in (root / "models").glob("lianbao-*.tar.gz"):
        if old.name != f"{name}.tar.gz":
            old.unlink()
    return Path(result.model)


def main() -> int:
    """Train in a process of its own, as `serve` and `replay` call it: Rasa's training imports are not wanted in theirs."""
    try:
        print(train())
    except TrainingFailed as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
