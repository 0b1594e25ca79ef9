"""Which targets of the policy are met, which will be? Readings, stocks and flows, outlooks."""
