revoke delete on connections from hub_app;
