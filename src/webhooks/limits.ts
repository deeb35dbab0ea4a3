/** Connections of a worker: one hears of new jobs, the others run statements. */
export const WORKER_CONNECTIONS = 5;

/** Limits of webhooks. */
export const limits = {
  /** Endpoints of a client in a team. */
  endpoints: 10,
  /** Characters of a URL. */
  url: 2_048,
  /** Characters of a description. */
  description: 255,
  /** Maximum length of a page of deliveries. */
  pageSize: 100,
  defaultPageSize: 20,
  /** Endpoints that a worker sends to at the same time. */
  endpointsAtOnce: 100,
  /** Attempts to one endpoint at the same time. */
  attemptsAtOnce: 10,
  /** Attempts that a delivery keeps. */
  attempts: 30,
  /** Maximum overlap of two secrets, in hours. */
  overlapHours: 168,
} as const;
