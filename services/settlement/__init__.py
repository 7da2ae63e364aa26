"""Settlement (买单): what is owed and why, who approved it, and what was paid."""
