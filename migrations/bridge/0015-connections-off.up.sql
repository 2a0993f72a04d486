-- A connection can be turned off: its settings and secrets are forgotten.
grant delete on connections to hub_app;
