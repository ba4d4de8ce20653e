"""Childcare near home: the directory of institutions, how it is searched, imported and put right."""
