"""Medicare's physician fee schedule: the relative value file, PPRRVU, of each quarter."""
