"""Hip Coach: all that runs on AWS Lambda, and nothing else."""
