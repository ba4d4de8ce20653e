"""The complaint desk: the clerks' page and API, a process of its own."""
