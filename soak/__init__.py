"""The soak: whole cycles while processes are killed at random, and the book that comes of it.

python -m soak --kills 200 --write docs/reliability.md       (make soak)

stage.py       an office ready to hold its month, copied for each cycle; what undisturbed looks like
processes.py   what runs, and can be killed and started again
servers.py     PostgreSQL and the relay, processes of their own on loopback
cycles.py      one cycle: who is killed when, until the month is held
verdict.py     is the book the undisturbed one, hash for hash; is each letter where it belongs
"""
