"""The document store: content-addressed blobs with owner references and authorised download."""
