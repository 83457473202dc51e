"""Enrolments: who comes to a class, moves to another, leaves; and how a newcomer is found by their SNILS."""
