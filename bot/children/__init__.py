"""What is remembered of a child, where its guardian agreed. Everything about a child is sealed at rest. Why: docs/decisions/0009-children.md."""
