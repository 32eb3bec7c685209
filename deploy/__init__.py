"""More than one process: ``python -m deploy`` starts several servers of the app, and nginx before them.

It starts the app and never imports it. What stands here needs the standard library alone, and Streamlit's files where
they are installed.
"""
