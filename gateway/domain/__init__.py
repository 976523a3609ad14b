"""Values and rules: pure, imports nothing but the standard library and errors."""
