"""
Event logs on each store.

`trackingmore_v2.webhooks` has one for one process and one for the processes of a host;
`trackingmore_v2.webhooks.logs.redis` and `trackingmore_v2.webhooks.logs.postgres` have one each for
any number of hosts.
"""
