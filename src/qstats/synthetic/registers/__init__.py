"""What is registered in the synthetic city, and what do offices send of it?"""
