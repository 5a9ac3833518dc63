import { classify, type FaultCode } from '@tocsin/domain';
import { Client } from 'pg';

/** How often a server that is away is asked, in ms. */
const askEveryMs = 50;
/** Whose question has no answer by then (a dead network) keeps nobody else from asking. */
const answerWithinMs = 500;
const isAway: ReadonlySet<FaultCode> = new Set(['store-unavailable', 'unreachable']);

/** Of one server: is it known to be away, and the one question that is asked for all. */
interface Door {
  isClosed: boolean;
  asked: Promise<void> | undefined;
}
const doors = new Map<string, Door>();

type Callback = ((error: Error) => void) | ((error: null, client: Client) => void);

/**
 * While the server is away one connection asks for all, every 50 ms, and fails for all. Everybody who waited asked for
 * himself, one after the other: 110 attempts in the median of 60 crashes, 339 in one of ten, when the server needed the
 * processors to come back.
 */
export class PatientClient extends Client {
  override connect(): Promise<Client>;
  override connect(callback: Callback): void;
  override connect(callback?: Callback): Promise<Client> | void {
    const connected = this.throughDoor().then(() => this);
    if (callback === undefined) return connected;
    const tell = callback as (error: Error | null, client?: Client) => void;
    connected.then((client) => tell(null, client), tell);
  }

  private async throughDoor(): Promise<void> {
    const address = `${this.host}:${this.port}`;
    const door = doors.get(address) ?? { isClosed: false, asked: undefined };
    doors.set(address, door);
    if (!door.isClosed) return this.knock(door);
    if (door.asked !== undefined) {
      await Promise.race([door.asked, pause(answerWithinMs)]);
      return this.knock(door);
    }
    door.asked = pause(askEveryMs).then(() => this.knock(door));
    return door.asked.finally(() => (door.asked = undefined));
  }

  private async knock(door: Door): Promise<void> {
    try {
      await super.connect();
      door.isClosed = false;
    } catch (error) {
      door.isClosed = isAway.has(classify(error).code);
      throw error;
    }
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
