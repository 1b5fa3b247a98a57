"""What stands on a page, from the positions of its letters or words: lines, cells, columns, order of reading.

Runs in the processes that open files of others: it imports nothing of this project but its own modules.
"""
