"""The engines that prove: induction, k-induction, Spacer, ranking functions."""
