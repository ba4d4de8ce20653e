"""Complaints: read from what people say, routed by the city's policy, filed as tickets, followed to their end."""
