"""What a file sent for import may be at most, said on the page before anything is sent."""

MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 20_000
# Above this a dry run or an import is a background job.
ROWS_AT_ONCE = 2_000

# Unpacked, and as a grid: far above every honest table, far below what would hurt the server.
MOST_UNPACKED_BYTES = 60 * 1024 * 1024
MOST_PARTS = 500
MOST_SHEETS = 40
MOST_LINES = 120_000
MOST_CELLS = 2_000_000
MOST_COLUMNS = 200
MOST_MERGED_CELLS = 100_000
MOST_CHARACTERS = 40_000
