"""How the machine is allowed to act and how it learns from what people decide."""
