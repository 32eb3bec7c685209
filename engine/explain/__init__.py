"""Where every number comes from: each layer's arithmetic as index rules, and the terms that they name for one number."""
