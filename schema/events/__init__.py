"""Events: what changed, told to those who may see it, each time under the rights of that moment."""
