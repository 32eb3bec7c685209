"""Browser-side components: one folder each, with a Python face, plain ES modules and a style sheet."""
