"""How are construction works of the synthetic city accepted, and what do offices send of them?"""
