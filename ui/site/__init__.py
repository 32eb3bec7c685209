"""The script that Streamlit runs for every reader. It has a folder of its own, which Streamlit puts on the path."""
