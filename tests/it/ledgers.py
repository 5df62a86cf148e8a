"""What beancount makes of a file: every account's balance, one a line. Exit status 1 with its errors, if it has any."""

import sys
from collections import defaultdict

from beancount import loader
from beancount.core import data

entries, errors, _ = loader.load_file(sys.argv[1])
for error in errors:
    print(error, file=sys.stderr)
balances = defaultdict(int)
for entry in entries:
    if isinstance(entry, data.Open):
        balances[entry.account, entry.currencies[0]] += 0
    if isinstance(entry, data.Transaction):
        for posting in entry.postings:
            balances[posting.account, posting.units.currency] += int(posting.units.number)
for (account, currency), quantity in sorted(balances.items()):
    print(account, quantity, currency)
sys.exit(1 if errors else 0)
