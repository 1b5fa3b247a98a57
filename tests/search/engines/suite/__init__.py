"""What the engine tests share: generated archives and questions, and the contract in plain Python."""
