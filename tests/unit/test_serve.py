"""What `lianbao serve` does before its parts run; the parts themselves: tests/channels, tests/faults."""

from __future__ import annotations

import sys
import threading
import time

import pytest

from bot import serve


@pytest.fixture
def untrained(monkeypatch):
    monkeypatch.setattr(serve, "current_model", lambda: None)


def test_training_stops_when_it_is_told_to(untrained, monkeypatch, tmp_path, capfd):
    script = f"import time, pathlib; pathlib.Path({str(tmp_path / 'begun')!r}).touch(); time.sleep(60); print('trained')"
    monkeypatch.setattr(serve, "TRAIN", [sys.executable, "-c", script])
    stopping = threading.Event()

    def stop() -> None:
        while not (tmp_path / "begun").exists():
            time.sleep(0.02)
        stopping.set()

    threading.Thread(target=stop).start()
    with pytest.raises(serve.CannotServe, match="训练没做完"):
        serve.trained_model(stopping)
    said = capfd.readouterr().err
    assert "先训练" in said and "trained" not in said


def test_training_that_fails_is_said(untrained, monkeypatch):
    monkeypatch.setattr(serve, "TRAIN", [sys.executable, "-c", "raise SystemExit(1)"])
    with pytest.raises(serve.CannotServe, match="训练没有成功"):
        serve.trained_model()


def test_a_model_that_is_current_is_not_trained_again(monkeypatch, tmp_path):
    monkeypatch.setattr(serve, "current_model", lambda: tmp_path)
    monkeypatch.setattr(serve, "TRAIN", ["/nowhere"])
    assert serve.trained_model() == tmp_path
