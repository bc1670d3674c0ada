//! Every app known: ingest, store, search, browse.
