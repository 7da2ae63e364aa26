"""Records of people (电子档案): kept from facts, corrected, shared by consent or by credentials, counted."""
