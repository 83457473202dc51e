"""People: who they are, which roles they hold, who stands for whom."""
