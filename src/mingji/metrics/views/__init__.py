"""The pages of metrics: what they say, and the data behind them."""
