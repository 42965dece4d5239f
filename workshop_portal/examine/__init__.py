"""The examiner: a program that opens files which somebody sent, far from everything else."""
