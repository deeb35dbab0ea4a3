/** Whether an endpoint receives events. */
export enum WebhookEndpointStatus {
  ENABLED = 'ENABLED',
  PAUSED = 'PAUSED',
  DISABLED = 'DISABLED',
}

/** Why an endpoint was disabled. */
export enum WebhookDisabledReason {
  GONE = 'GONE',
  FAILING = 'FAILING',
  ACCESS_ENDED = 'ACCESS_ENDED',
  OPERATOR = 'OPERATOR',
}
