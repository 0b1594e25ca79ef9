"""The demonstration city: a labelled synthetic Liaocheng with known truth and the files its suppliers send."""
