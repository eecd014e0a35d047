"""Certificates: what shows a proof to a stranger, and the check of it that believes nothing.

    evidence      what an engine hands over: names of lemmas, weights of a rank, runs; never an answer
    theory        the declaration as formulas with names, made without asking a solver
    questions     the questions that a proof answers with no; each a closed SMT-LIB script
    solvers       cvc5 and whatever reads SMT-LIB, asked these questions
    confirming    what `fsm verify` has confirmed before it calls it proved
    folder        the files of a certificate, made from declaration and evidence alone
    checking      those files made once more, compared, and the solver asked again

Whoever writes and whoever checks make the questions with the same code from the declaration. A
certificate therefore cannot leave one out; it can only name lemmas, weights and runs that do or do not do.
"""
