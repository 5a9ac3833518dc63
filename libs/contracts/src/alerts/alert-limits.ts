/** What one request and one alert may hold (decisions.md section 5). Beyond it: 413 for the body, 422 with the path for the rest. */
export const alertLimits = {
  bodyBytes: 1_048_576,
  depth: 16,
  alerts: 1_000,
  key: 256,
  title: 512,
  description: 8_192,
  labels: 64,
  labelName: 64,
  labelValue: 1_024,
  links: 32,
  href: 2_048,
  linkText: 256,
  /** Site, zone, category: slugs and short names of the unit. */
  name: 128,
  idempotencyKey: 256,
} as const;
