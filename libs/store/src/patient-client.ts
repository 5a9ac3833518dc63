import { classify, type FaultCode } from '@tocsin/domain';
import { Client } from 'pg';

/** How often a server that is away is asked, in ms. */
const askEveryMs = 50;
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
 * himself, one after the other: up to 340 attempts in the second in which the server needed the processors to come back.
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
      await door.asked;
      return this.knock(door);
    }
    door.asked = new Promise((resolve) => setTimeout(resolve, askEveryMs)).then(() => this.knock(door));
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
