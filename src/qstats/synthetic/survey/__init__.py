"""How satisfied are the customers of the synthetic city, and what do institutes send of their surveys?"""
