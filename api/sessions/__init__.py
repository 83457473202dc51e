"""Browser sessions: the server is the confidential client, the browser holds nothing but a random cookie."""
