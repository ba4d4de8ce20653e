"""连宝: what the Rasa server loads, and what it stands on."""
