"""Registers of single facts about people: achievements, staff, rehabilitation, screening."""
