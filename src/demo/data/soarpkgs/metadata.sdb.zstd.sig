untrusted comment: signature from minisign secret key
RUQG7BMm+KOTelZ2FrmLAH2ZA+1t9vt3iMRPdT8xNNcCPUYyoWekLfUMNEl6I+VGzqKo4p/0eX80adRXfZ5rb7EL0T0pZ1hkbgo=
trusted comment: an empty index for the demo
lLtbjzCIDEzq//psKCbyizdgxOC6ZnlNr78kuIpzOBjvt1MHmdjhKXRIbJ+Ve8TvMVQxmkov8Cc3+R2lQj2DBw==
