"""The only writer of corrections: propose and confirm, approve and decline, ask and answer (R-89)."""
