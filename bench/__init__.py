"""The benchmark: the same questions, rights and answers, by us and by others (`make bench`)."""
