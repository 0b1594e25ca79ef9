"""Path models with latent variables by partial least squares (PLS 路径模型), with respondent weights.

Order of use: `model.make_model` says what explains what; `moments.weighted_moments` reduces weighted
answers to means and covariances, for one sample or for many resamples at once; `estimation.fit_paths`
needs nothing else. What follows from a fit: `indices` on 0–100, `effects`, `reliability`, `inference` on
one simple random sample. How sure: `resampling` (Rao–Wu multipliers by design) makes moments of
resamples; `intervals` reads them. Whether groups can be compared: `invariance`. What to improve first:
`importance`.
"""
