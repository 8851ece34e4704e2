"""What `run.py` needs beside the services: watching programs and keeping the data folder."""
