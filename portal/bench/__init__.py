"""`./dev bench`: every figure beside a floor measured in the same run, because absolute times mean little."""
