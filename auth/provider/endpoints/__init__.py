"""The provider's HTTP endpoints: each reads a request, asks the layers below and answers."""
