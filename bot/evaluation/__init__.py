"""How well the assistant understands: labelled messages scored, misspelt and scored again; what was missed, turned into examples to review."""
