"""CPT as the American Medical Association delivers it to those who hold a license."""
