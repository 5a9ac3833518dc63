import type { ActName, Delivery, Explanation, Incident, List, LiveEvent } from '../wire.js';
import { get, post } from './http.js';

/** Some doors answer with the bare row, some wrap it: both are read. */
type Wrapped = Incident | { readonly incident: Incident };
const bare = (body: Wrapped | null): Incident | null => {
  if (!body) return null;
  if ('incident' in body) return body.incident;
  return 'number' in body ? body : null;
};

const path = (id: string): string => `/v1/incidents/${encodeURIComponent(id)}`;

export const fetchIncident = async (id: string): Promise<Incident | null> => bare(await get<Wrapped>(path(id)));
export const fetchDeliveries = async (id: string): Promise<readonly Delivery[]> =>
  (await get<List<Delivery>>(`${path(id)}/deliveries?limit=500`)).items;

/** The log of one incident after `afterSeq`, all pages. */
export async function fetchEvents(id: string, afterSeq: number): Promise<readonly LiveEvent[]> {
  const all: LiveEvent[] = [];
  let from = afterSeq;
  for (;;) {
    const page = await get<List<LiveEvent>>(`${path(id)}/events?afterSeq=${from}&limit=500`);
    all.push(...page.items);
    const last = page.items.at(-1);
    if (!last || page.next === null) return all;
    from = last.seq;
  }
}

export const fetchClosed = async (limit: number): Promise<readonly Incident[]> =>
  (await get<List<Incident>>(`/v1/incidents?state=closed&limit=${limit}`)).items;

/** One act. The key makes a resend of the same press harmless. */
export async function act(
  id: string,
  name: ActName,
  body: Readonly<Record<string, unknown>>,
  key: string,
): Promise<Incident | null> {
  return bare(await post<Wrapped>(`${path(id)}/${name}`, body, key));
}

export interface ByHand {
  readonly site: string;
  readonly category: string;
  readonly severity: string;
  readonly title: string;
  readonly zone?: string;
  readonly description?: string;
  readonly occurredAt?: string;
}
export const openByHand = async (form: ByHand, key: string): Promise<Incident | null> =>
  bare(await post<Wrapped>('/v1/incidents', form, key));

/** Who would be paged for an alert as it is written here; sends nothing. */
export const explain = (alert: Readonly<Record<string, unknown>>): Promise<Explanation> =>
  post<Explanation>('/v1/explain', { alert });
