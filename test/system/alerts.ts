import type { System } from './run-system';

export interface Answer {
  readonly status: number;
  readonly alerts: readonly { readonly id: string; readonly key: string; readonly status: string }[];
}

/** POST /v1/alerts with the token of the whole-unit HTTP source. */
export async function postAlerts(system: System, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const response = await fetch(`${system.intake}/v1/alerts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${system.sourceToken}`, ...headers },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(10_000),
  });
  const answer = (await response.json()) as { alerts?: Answer['alerts'] };
  return { status: response.status, alerts: answer.alerts ?? [] };
}
