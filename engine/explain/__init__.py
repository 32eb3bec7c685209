"""Where each number comes from: every layer's arithmetic as index rules, and the terms that they name for a number."""
