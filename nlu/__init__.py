"""Understanding what people write: rules, engines, training, measuring."""
