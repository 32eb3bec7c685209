"""Named networks, and the scripts that trained those with weights."""
