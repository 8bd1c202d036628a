"""Fuzzes `hitreader` with damaged messages: coverage leads the choices of peerspec's strategies."""

import sys

import atheris

with atheris.instrument_imports(include=["hitreader"]):
    import test_hitreader

one_input = test_hitreader.test_a_damaged_hit_is_refused_in_good_order_or_read.hypothesis.fuzz_one_input

atheris.Setup(sys.argv, one_input)
atheris.Fuzz()
