"""Documents that come and go over HTTP: kept files, and the jobs that index or remove them."""
