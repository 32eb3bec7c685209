"""Pure functions from arrays to pictures. Nothing in here knows Streamlit; theme.py owns every colour."""
