"""Generators of exercises: a seeded question each, its answer worked out by the engine."""
