"""What can be said of areas that have few observations of their own? They borrow strength from the others."""
