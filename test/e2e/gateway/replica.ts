import type {
  EventsMessage,
  HeartbeatMessage,
  IncidentView,
  SnapshotMessage,
  SubscribeAnswer,
  SubscribeMessage,
} from '@tocsin/contracts';
import type { Socket } from 'socket.io-client';

/** What a console holds, kept by the contract's rules alone; complains about whatever these rules forbid. */
export class Replica {
  cursor: string | null = null;
  readonly incidents = new Map<string, IncidentView>();
  /** Per stream the last sequence that it holds. */
  readonly held = new Map<string, number>();
  readonly complaints: string[] = [];
  readonly types: string[] = [];
  snapshots = 0;
  events = 0;
  heartbeats = 0;
  revoked: string | null = null;

  constructor(readonly socket: Socket) {
    socket.on('snapshot', (message: SnapshotMessage) => this.replace(message));
    socket.on('events', (message: EventsMessage) => this.apply(message));
    socket.on('heartbeat', ({ cursor }: HeartbeatMessage) => {
      this.heartbeats += 1;
      this.cursor = cursor;
    });
    socket.on('revoked', ({ code }: { code: string }) => {
      this.revoked = code;
    });
  }

  async subscribe(message: SubscribeMessage = {}): Promise<SubscribeAnswer> {
    if (!this.socket.connected)
      await new Promise<void>((resolve, reject) => this.socket.once('connect', resolve).once('connect_error', reject));
    // By callback, in the turn in which it arrives: as a promise it would come after events of the same turn.
    return new Promise((resolve, reject) => {
      this.socket.timeout(10_000).emit('subscribe', message, (error: Error | null, answer: SubscribeAnswer) => {
        if (error) return reject(error);
        if ('snapshot' in answer) this.replace(answer);
        else if ('events' in answer) this.apply(answer);
        resolve(answer);
      });
    });
  }

  private replace({ cursor, snapshot }: SnapshotMessage): void {
    this.snapshots += 1;
    this.cursor = cursor;
    this.incidents.clear();
    this.held.clear();
    for (const incident of snapshot.incidents) {
      this.incidents.set(incident.id, incident);
      this.held.set(incident.id, incident.seq);
    }
  }

  private apply({ cursor, events, incidents }: EventsMessage): void {
    for (const { stream, seq, type, incidentId } of events) {
      if (incidentId === null) {
        this.types.push(type);
        continue;
      }
      const held = this.held.get(stream) ?? 0;
      if (seq <= held) continue;
      if (seq !== held + 1) this.complaints.push(`${stream}: ${seq} after ${held}`);
      this.held.set(stream, seq);
      this.types.push(type);
      this.events += 1;
    }
    for (const row of incidents) {
      if (row.seq > (this.held.get(row.id) ?? 0))
        this.complaints.push(`${row.id}: row at ${row.seq} before its events`);
      if (row.seq >= (this.incidents.get(row.id)?.seq ?? 0)) this.incidents.set(row.id, row);
    }
    this.cursor = cursor;
  }
}
