import { io, type Socket } from 'socket.io-client';
import type { System } from './run-system';

export interface IncidentRow {
  readonly id: string;
  readonly number: string;
  readonly seq: number;
  readonly state: string;
  readonly condition: string;
  readonly severity: string;
  readonly site: string | null;
  readonly title: string;
  readonly owner: string | null;
  readonly version: number;
  readonly openedAt: string;
  readonly alertCount: number;
  readonly escalation: { readonly step: number; readonly nextDueAt: string | null } | null;
}

export interface WireEvent {
  readonly incidentId: string | null;
  readonly stream: string;
  readonly seq: number;
  readonly type: string;
  readonly at: string;
  readonly data: Record<string, unknown>;
  readonly reason: { readonly code: string; readonly text: string };
}

/** A signed-in person: REST by bearer token, and a console if wanted. */
export class Person {
  private constructor(
    readonly system: System,
    readonly token: string,
    readonly user: { readonly id: string },
  ) {}

  static async signIn(system: System, role: string): Promise<Person> {
    const { username, password } = system.userWith(role);
    const response = await fetch(`${system.gateway}/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username, password }),
    });
    if (!response.ok) throw new Error(`sign-in of ${username}: ${response.status} ${await response.text()}`);
    const { token, user } = (await response.json()) as { token: string; user: { id: string } };
    return new Person(system, token, user);
  }

  async get<T>(path: string): Promise<T> {
    const response = await fetch(`${this.system.gateway}${path}`, {
      headers: { authorization: `Bearer ${this.token}` },
    });
    if (!response.ok) throw new Error(`GET ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }

  async incidents(query = ''): Promise<IncidentRow[]> {
    const items: IncidentRow[] = [];
    let after = '';
    for (;;) {
      const page = await this.get<{ items: IncidentRow[]; next: string | null }>(
        `/v1/incidents?limit=200${query}${after}`,
      );
      items.push(...page.items);
      if (page.next === null) return items;
      after = `&after=${encodeURIComponent(page.next)}`;
    }
  }

  async events(incidentId: string): Promise<WireEvent[]> {
    return (await this.get<{ items: WireEvent[] }>(`/v1/incidents/${incidentId}/events`)).items;
  }

  async act(
    incidentId: string,
    act: string,
    body: Record<string, unknown> = {},
  ): Promise<{ status: number; body: Record<string, unknown> }> {
    const response = await fetch(`${this.system.gateway}/v1/incidents/${incidentId}/${act}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }

  console(): Console {
    return new Console(this);
  }
}

/** A console's replica: cursor, incidents, per stream the highest seq without a hole, exactly as contract.md asks of a client. */
export class Console {
  readonly incidents = new Map<string, IncidentRow>();
  readonly seqs = new Map<string, number>();
  readonly arrivals: { readonly at: number; readonly event: WireEvent }[] = [];
  readonly gaps: string[] = [];
  cursor: string | undefined;
  snapshots = 0;
  private readonly socket: Socket;

  constructor(person: Person) {
    this.socket = io(`${person.system.gateway}/console`, {
      auth: { token: person.token },
      transports: ['websocket'],
      reconnectionDelay: 200,
      reconnectionDelayMax: 1_000,
    });
    this.socket.on('connect', () => this.subscribe());
    this.socket.on('snapshot', (frame) => this.replace(frame));
    this.socket.on('events', (frame) => this.apply(frame));
    this.socket.on('heartbeat', ({ cursor }: { cursor: string }) => {
      this.cursor = cursor;
    });
  }

  close(): void {
    this.socket.close();
  }

  get connected(): boolean {
    return this.socket.connected && this.cursor !== undefined;
  }

  private subscribe(): void {
    this.socket.emit('subscribe', this.cursor ? { after: this.cursor } : {}, (answer: SnapshotFrame & EventsFrame) => {
      if (answer.snapshot) this.replace(answer);
      else this.apply(answer);
    });
  }

  private replace(frame: SnapshotFrame): void {
    this.snapshots += 1;
    this.cursor = frame.cursor;
    this.incidents.clear();
    this.seqs.clear();
    for (const incident of frame.snapshot.incidents) {
      this.incidents.set(incident.id, incident);
      this.seqs.set(incident.id, incident.seq);
    }
  }

  private apply(frame: EventsFrame): void {
    this.cursor = frame.cursor;
    for (const event of frame.events ?? []) {
      const held = this.seqs.get(event.stream);
      if (held !== undefined && event.seq <= held) continue;
      if (event.incidentId !== null && event.seq !== (held ?? 0) + 1)
        this.gaps.push(`${event.stream} ${held ?? 0} -> ${event.seq}`);
      this.seqs.set(event.stream, event.seq);
      this.arrivals.push({ at: performance.now(), event });
    }
    for (const incident of frame.incidents ?? []) {
      const held = this.incidents.get(incident.id);
      if (held === undefined || incident.seq >= held.seq) this.incidents.set(incident.id, incident);
    }
  }
}

interface SnapshotFrame {
  readonly cursor: string;
  readonly snapshot: { readonly incidents: readonly IncidentRow[] };
}
interface EventsFrame {
  readonly cursor: string;
  readonly events?: readonly WireEvent[];
  readonly incidents?: readonly IncidentRow[];
}
