"""The soak: whole cycles while processes are killed at random, and the book that comes of it.

python -m soak --kills 200 --write docs/reliability.md       (make soak)

stage.py       an office ready to hold its month, copied for each cycle; what undisturbed looks like
processes.py   what runs, and can be killed and started again
servers.py     PostgreSQL and the relay, processes of their own on loopback
cycles.py      one cycle: somebody is killed now and then until the month is held
harasser.py    who is killed, and when
served.py      a cycle by deployment, under `tdkt up`
clustered.py   a cycle on a Dask cluster
verdict.py     is the book the undisturbed one, hash for hash; is each letter where it belongs
"""
