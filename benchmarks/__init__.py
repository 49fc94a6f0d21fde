"""How fast a month is: the product against a hand-written script on the same workbooks.

python -m benchmarks                          150 and 1,000 units, RESULTS.md rewritten
python -m benchmarks --units 60 --repeats 1   a quick look
python -m benchmarks.floor_month --units 150 --procs 2     the yardstick alone
python -m benchmarks.hot_spots --units 150    where the product's time goes, by function
"""
