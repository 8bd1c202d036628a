"""Exploring: a search for sequences of messages on which a node deviates from the specification.

- `scenario`   a sequence as data: steps that say what the tester does, saved as JSON
- `explorer`   what a network gives to the search: how a sequence is drawn, and how one is played and judged
- `search`     draw, play, judge, for as long as it is asked to
- `strategies` scenarios for tests with Hypothesis
- `shrink`     from a sequence that deviates to the shortest that deviates in the same way
- `report`     findings as text and as files
- `proof`      the search turned on mutants: how many it finds unaided
"""
