"""What people read: the catalogue of words, and days and money as each language writes them."""
