"""连宝: what the Rasa server loads, and what it stands on."""

import sys
from pathlib import Path

# Compiled bytecode is kept in var/, whatever the installation did: uv compiles nothing, and compiling Rasa anew made every start 5 s longer.
# A folder that cannot be written costs only that time.
sys.pycache_prefix = str(Path(__file__).resolve().parents[1] / "var" / "bytecode")
sys.dont_write_bytecode = False
