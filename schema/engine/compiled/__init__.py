"""The compiled read path: a document becomes one SQL statement that builds the JSON text of its answer."""
