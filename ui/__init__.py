"""Everything that knows Streamlit: the lesson frame, its controls, figures and browser-side components."""
