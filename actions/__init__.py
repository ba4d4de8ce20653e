"""The custom actions, one file a topic: slots in, one call to a topic function, reply out. Imported whole by Rasa's action executor."""
