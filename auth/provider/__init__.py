"""The OpenID provider that stands in for ESIA: a foreign system that happens to live in our house."""
