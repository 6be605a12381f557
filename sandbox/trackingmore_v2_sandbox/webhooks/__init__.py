"""
Webhooks, which the sandbox sends when a tracking's status changes.

`Outbox` stores deliveries and attempts them with a `Send` function; `WebhookWorker` runs it when
deliveries are due. `UrlPolicy` restricts the target URLs. The functions manage the targets of an
account.
"""
