"""Selection (选单): workers choose classes, wait in line, and use training vouchers."""
