import type { ApiDump, ApiIncident } from './shapes';

const pageSize = 1_000;
const patienceMs = 20_000;

/**
 * Everything that the API tells the holder of `token`, and the counters of `metricsOf` (the intake's, where it is given).
 * Throws when it cannot be read.
 */
export async function readApi(gateway: string, token: string, metricsOf = gateway): Promise<ApiDump> {
  const incidents = await readIncidents(gateway, token);
  const readAt = Date.now();
  return { incidents, readAt, metrics: await readMetrics(metricsOf) };
}

/** All pages of `GET /v1/incidents`. `states`: words with commas between them. */
export async function readIncidents(gateway: string, token: string, states?: string): Promise<ApiIncident[]> {
  const incidents: ApiIncident[] = [];
  const filter = states === undefined ? '' : `&state=${states}`;
  let next: string | null = '';
  while (next !== null) {
    const after: string = next === '' ? '' : `&after=${encodeURIComponent(next)}`;
    const text = await get(`${gateway}/v1/incidents?limit=${pageSize}${filter}${after}`, token);
    const page = JSON.parse(text) as { items: readonly ApiIncident[]; next: string | null };
    for (const { id, number, seq, state, severity, site, alertCount, owner } of page.items)
      incidents.push({ id, number, seq, state, severity, site, alertCount, owner });
    next = page.next;
  }
  return incidents;
}

/** Of `GET /metrics`: name and labels as written -> value. */
async function readMetrics(service: string): Promise<Record<string, number>> {
  const lines = (await get(`${service}/metrics`, ''))
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  return Object.fromEntries(
    lines.map((line) => {
      const space = line.lastIndexOf(' ');
      return [line.slice(0, space), Number(line.slice(space + 1))];
    }),
  );
}

async function get(url: string, token: string): Promise<string> {
  const headers: Record<string, string> = token === '' ? {} : { authorization: `Bearer ${token}` };
  const response = await fetch(url, { headers, signal: AbortSignal.timeout(patienceMs) });
  const text = await response.text();
  if (!response.ok) throw new Error(`GET ${url}: ${response.status} ${text}`);
  return text;
}
