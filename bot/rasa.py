"""Rasa's own command line on the lean install: `python -m bot.rasa data validate …`."""

from bot.lean_rasa import import_lean

if __name__ == "__main__":
    import_lean(serving=False)
    from rasa.__main__ import main

    main()
